/** What a token endpoint answered, in RFC 6749's words, whatever its dialect calls things. */
import type { Protocol } from '@civitai-oauth/core/dialect'

export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The status and body that RFC 6749 section 5 has for what a dialect says in a `code` of its own. */
export const inStandardWords = (
  { errors }: Pick<Protocol, 'errors'>,
  status: number,
  body: Json,
): readonly [status: number, body: Json] => {
  const code = errors === 'rfc6749' || body['error'] !== undefined ? 0 : (body['code'] ?? 0)
  if (errors === 'rfc6749' || String(code) === '0') return [status, body]
  const meaning = errors[String(code)] ?? 'server_error'
  const error_description = String(body['msg'] ?? '')
  return typeof meaning === 'number'
    ? [meaning, { error: 'server_error', error_description }]
    : [status >= 400 ? status : 400, { error: meaning, error_description }]
}
