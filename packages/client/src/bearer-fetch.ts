/**
 * `fetch` with a bearer that goes to the API's origin and nowhere else: redirects are followed by hand, and the bearer
 * stays behind when one leaves (RFC 6750 section 5.3).
 */
import { failure } from './error.ts'
import { missingScopes } from './missing-scopes.ts'
import type { Settings } from './options.ts'

export interface FetchTools {
  readonly settings: Settings
  readonly fetch: typeof globalThis.fetch
  readonly accessToken: () => Promise<string>
  /** Another token after this one was rejected; `undefined` when there is none to be had. */
  readonly renewed: (rejected: string) => Promise<string | undefined>
  readonly scopesMissing: (scopes: readonly string[]) => Error
}

const mostRedirects = 5

/** A path goes below the API's base, which may have a path of its own. */
const resolve = (input: string | URL, base: string): string =>
  typeof input === 'string' && /^\/(?![/\\])/.test(input) ? base + input : new URL(input, base).href

/** The address a redirect leads to; `undefined` for any other answer. */
const redirectTarget = (response: Response, from: string): URL | undefined => {
  const location = response.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return
  return URL.canParse(location, from) ? new URL(location, from) : undefined
}

export const bearerFetch = ({ settings, fetch, accessToken, renewed, scopesMissing }: FetchTools) => {
  const { apiOrigin, issuer, dialect } = settings
  const allowed = new Set([new URL(apiOrigin).origin, new URL(issuer).origin])

  const send = async (request: Request, token: string): Promise<Response> => {
    const body = request.body === null ? null : await request.clone().arrayBuffer()
    let url = request.url
    let { method } = request
    let payload = body
    const headers = new Headers(request.headers)
    for (let hops = 0; ; hops++) {
      if (allowed.has(new URL(url).origin)) headers.set('authorization', `Bearer ${token}`)
      else headers.delete('authorization')
      const response = await fetch(url, { method, headers, body: payload, redirect: 'manual', signal: request.signal })
      const target = request.redirect === 'follow' ? redirectTarget(response, url) : undefined
      if (target === undefined) return response
      if (hops === mostRedirects) throw new TypeError('Too many redirects.')
      await response.body?.cancel()
      if (response.status === 303 || (response.status < 303 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        payload = null
        headers.delete('content-type')
      }
      // What leaves the API's origin takes no credential along, and one that left does not come back for it.
      if (!allowed.has(target.origin)) return fetch(target.href, { method, body: payload })
      url = target.href
    }
  }

  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : resolve(input, apiOrigin)
    const { origin } = new URL(url)
    if (!allowed.has(origin)) throw failure('OriginNotAllowed', { origin })
    const request = new Request(input instanceof Request ? input : url, init)
    const token = await accessToken()
    let response = await send(request, token)
    if (response.status === 401) {
      const next = await renewed(token)
      if (next !== undefined && next !== token) {
        await response.body?.cancel()
        response = await send(request, next)
      }
    }
    const missing = await missingScopes(response, dialect)
    if (missing === undefined) return response
    await response.body?.cancel()
    throw scopesMissing(missing)
  }
}

/**
 * A call that spends buzz: the API says the same for an empty balance and a reached limit, and that answer is not to be
 * tried again, nor its text to be read. Anything else it answers is the caller's.
 */
export const spending =
  (fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init)
    if (response.status < 400 || response.status >= 500) return response
    const body = (await response
      .clone()
      .json()
      .catch(() => null)) as { readonly code?: unknown } | null
    if (body?.code === 'BAD_REQUEST') throw failure('SpendRefused')
    return response
  }
