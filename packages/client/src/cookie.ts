/** Cookies as text: reading the `Cookie` header, writing `Set-Cookie` values (RFC 6265). */

/** Every cookie of a request, by name. Of two with one name the first counts: it has the more specific path. */
export const parseCookies = (header: string | null): ReadonlyMap<string, string> => {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = pair.slice(0, equals).trim()
    if (!cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim())
  }
  return cookies
}

/** How this app's cookies look: prefixed and `Secure` on HTTPS, plain on http://localhost. */
export interface CookieNames {
  readonly secure: boolean
  /** `__Host-civitai-<8 hex>`; what follows it tells the cookies of one app apart. */
  readonly session: string
  readonly attempt: (state: string) => string
  readonly attemptPrefix: string
  readonly note: string
  readonly guard: string
  readonly signedOut: string
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const sha256Hex = async (text: string) =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))

/** Ports do not separate cookies, so the name must: it is a digest of what makes this app this app. */
export const cookieNames = async (clientId: string, basePath: string, secure: boolean): Promise<CookieNames> => {
  const session = `${secure ? '__Host-' : ''}civitai-${(await sha256Hex(clientId + basePath)).slice(0, 8)}`
  const attemptPrefix = `${session}-tx-`
  return {
    secure,
    session,
    attemptPrefix,
    attempt: (state) => attemptPrefix + state.slice(0, 8),
    note: `${session}-note`,
    guard: `${session}-guard`,
    signedOut: `${session}-out`,
  }
}

/** A `Set-Cookie` value. `maxAge` in seconds; 0 removes the cookie. */
export const setCookie = (names: CookieNames, name: string, value: string, maxAge: number): string =>
  `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${names.secure ? '; Secure' : ''}`

export const removeCookie = (names: CookieNames, name: string): string => setCookie(names, name, '', 0)
