/** Where to go after signing in: a path of our own, never another site. */

const home = '/account'

/**
 * The path, query and fragment of `value` if it stays on `origin`, otherwise the account page. Reads as browsers do, so
 * backslashes, tabs, doubled slashes and dot segments cannot lead away.
 */
export const ownPath = (value: string | null | undefined, origin: string): string => {
  if (!value || !URL.canParse(value, origin)) return home
  const url = new URL(value, origin)
  if (url.origin !== origin || url.username !== '' || url.password !== '') return home
  // A `blob:` has the origin of the address inside it, and that address for a path.
  if (!url.pathname.startsWith('/')) return home
  // A path that begins with two slashes would be read as another host when it is used again.
  if (url.pathname.startsWith('//')) return home
  return url.pathname + url.search + url.hash
}

export const loginPath = (returnTo: string): string => `/login?returnUrl=${encodeURIComponent(returnTo)}`
