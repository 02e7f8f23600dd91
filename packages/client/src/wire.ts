/**
 * The fetch boundary: what a dialect, or a server as observed, answers differently is made RFC 6749 here, so that the
 * protocol engine needs no exception.
 */
import type { Protocol } from '@civitai-oauth/core/dialect'
import { type Json, inStandardWords, isJson } from './wire-answer.ts'

const parse = (text: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isJson(value) ? value : undefined
  } catch {
    return
  }
}

/** Every form of `scope` seen in the wild as one string; anything else is as good as no scope. */
const scopeText = (scope: unknown): string | undefined => {
  const one = Array.isArray(scope) && scope.length === 1 ? scope[0] : scope
  if (typeof one === 'number' && Number.isSafeInteger(one)) return String(one)
  return typeof one === 'string' && one !== '' ? one : undefined
}

const answer = (body: Json, status: number, from: Response): Response => {
  const headers = new Headers({ 'content-type': 'application/json' })
  const retryAfter = from.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  return new Response(JSON.stringify(body), { status, headers })
}

/**
 * Civitai's legacy host sends callers on with a 308. Followed once, and only to the server itself or to production: what
 * is sent along are a secret and a code.
 */
const following =
  (dialect: Protocol, fetch: typeof globalThis.fetch) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, init)
    const location = response.headers.get('location')
    if ((response.status !== 307 && response.status !== 308) || location === null) return response
    const target = URL.canParse(location, url) ? new URL(location, url) : undefined
    const trusted = [new URL(url).origin, new URL(dialect.production.auth).origin]
    return target !== undefined && trusted.includes(target.origin) ? fetch(target.href, init) : response
  }

/** A fetch whose JSON answers are as RFC 6749 has them. A challenge beside a JSON error is dropped: it hides the error. */
export const normalising =
  (dialect: Protocol, fetch: typeof globalThis.fetch) =>
  async (url: string, init: object): Promise<Response> => {
    const response = await following(dialect, fetch)(url, init as RequestInit)
    const text = await response.text()
    const body = parse(text)
    if (body === undefined) return new Response(text, { status: response.status, headers: response.headers })
    const [status, standard] = inStandardWords(dialect, response.status, body)
    const { scope, ...rest } = standard
    const normal = scopeText(scope)
    return answer(normal === undefined ? rest : { ...rest, scope: normal }, status, response)
  }
