/** The portal's session cookie. `__Host-` on https; on plain-http localhost the port is in the name, for ports share cookies. */

export interface SessionCookie {
  readonly name: string
  /** The session id in a `Cookie` header, or `null`. A doubled cookie counts as none. */
  read(header: string | null): string | null
  /** A whole `Set-Cookie` value. */
  set(id: string, seconds: number): string
  clear(): string
}

export const sessionCookieOf = (issuer: string): SessionCookie => {
  const { protocol, port } = new URL(issuer)
  const secure = protocol === 'https:'
  const name = secure ? '__Host-civitai-portal' : `civitai-portal-${port || '80'}`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    name,
    read: (header) => {
      const found = (header ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
      const value = found.length === 1 ? (found[0] as string).slice(name.length + 1) : ''
      return /^[\w-]{43}$/.test(value) ? value : null
    },
    set: (id, seconds) => `${name}=${id}; Max-Age=${seconds}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  }
}
