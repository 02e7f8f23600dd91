/**
 * A page that is made when the app is built is the same for everyone. Its session is `unknown` there, and the browser
 * asks; whatever needs a person fails the build, and says why.
 */
import type { Session } from '@civitai-oauth/client'

/** SvelteKit renders such pages in a worker of its own, told apart by this. */
export const isBuilding = (): boolean => globalThis.process?.env['SVELTEKIT_FORK'] !== undefined

const refuse = (): never => {
  throw new Error('Nobody is signed in while a page is prerendered: take `prerender` away from it, or the guard.')
}

const unknown = { status: 'unknown' }

/** `event.locals.civitai` of a page that is prerendered. Its status is one that only browsers know otherwise. */
export const nobody = {
  ...unknown,
  view: unknown,
  state: 'SignedOut',
  signInPath: refuse,
  accessToken: refuse,
  fetch: refuse,
  spend: refuse,
  requireScopes: refuse,
} as unknown as Session
