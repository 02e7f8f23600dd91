/** For a proxy that stands before the app in the same project, as Next has one: it keeps the session, the app reads it. */
import { parseCookies } from './cookie.ts'

const removes = (attributes: readonly string[]) => attributes.some((one) => /^\s*max-age=0\s*$/i.test(one))

/**
 * The headers that a request goes on with after `visit.commit(changed)`: its own, with the cookies as the browser will
 * have them. Without that the app would still see the session as it was, and its spent refresh token.
 */
export const forwardedHeaders = (request: Request, changed: Headers): Headers => {
  const cookies = new Map(parseCookies(request.headers.get('cookie')))
  for (const line of changed.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (removes(attributes)) cookies.delete(name.trim())
    else cookies.set(name.trim(), value)
  }
  const headers = new Headers(request.headers)
  headers.delete('cookie')
  if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
  return headers
}
