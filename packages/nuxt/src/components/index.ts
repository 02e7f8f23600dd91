/** Buttons and lists that know the session: without style of their own, by `data-state` and your own class names. */
export { CivitaiSignIn } from './sign-in.ts'
export { CivitaiSignOut } from './sign-out.ts'
export { CivitaiPermissions } from './permissions.ts'
export type { SignInState, SignOutState } from '@civitai-oauth/client/components'
export type { Permission, PermissionWords } from '@civitai-oauth/client/permissions'
