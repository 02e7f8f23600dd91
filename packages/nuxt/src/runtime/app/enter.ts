/** The guard in a browser, loaded with the first page that asks for it: no other page pays for it. */
import type { AuthStore } from '@civitai-oauth/client/browser'
import type { PageRequirement } from '../../options.ts'

/** Settles when the page may be drawn; answers `load` of a page whose session a page load may bring back. */
export const enter = async <Loading>(
  store: AuthStore,
  returnTo: string,
  { scopes = [] }: PageRequirement<string>,
  load: () => Loading,
): Promise<Loading | undefined> => {
  if (store.get().status === 'unknown') await store.reload()
  const session = store.get()
  // A page that is the same for everyone is never a reason to redirect.
  if (session.status === 'unknown') return undefined
  if (session.status === 'signed-in' && scopes.every((scope) => session.scopes.includes(scope))) return undefined
  // Often without showing anything.
  if (session.status === 'expired') return load()
  store.signIn({ returnTo, scopes })
  // The browser is leaving: no other page is drawn meanwhile.
  return new Promise<never>(() => {})
}
