/** Buttons and lists that know the session: without style of their own, by `data-state` and your own class names. */
export { default as CivitaiSignIn } from './CivitaiSignIn.svelte'
export { default as CivitaiSignOut } from './CivitaiSignOut.svelte'
export { default as CivitaiPermissions } from './CivitaiPermissions.svelte'
export type { SignInState, SignOutState } from '@civitai-oauth/client/components'
export type { Permission, PermissionWords } from '@civitai-oauth/client/permissions'
