/** Where a person goes after signing in or out: always a path on our own origin. */

// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f\\]/

/**
 * The path, query and fragment of `value` when it stays on `origin`, in whatever spelling it came; `/` for anything
 * else. What it answers always starts with exactly one slash, so no browser reads a host into it.
 */
export const returnTo = (value: string | null | undefined, origin: string): string => {
  if (!value || value.length > 2000 || unsafe.test(value)) return '/'
  if (!value.startsWith('/') && !value.startsWith(`${origin}/`)) return '/'
  if (!URL.canParse(value, origin)) return '/'
  const url = new URL(value, origin)
  if (url.origin !== origin || url.username || url.password) return '/'
  const path = url.pathname + url.search + url.hash
  return /^\/(?!\/)/.test(path) ? path : '/'
}
