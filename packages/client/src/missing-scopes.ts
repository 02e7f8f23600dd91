/** What an API asks for when it answers 403 `insufficient_scope` (RFC 6750 section 3.1). */
import type { Protocol } from '@civitai-oauth/core/dialect'

type Answer = { readonly error?: unknown; readonly error_description?: unknown; readonly scope?: unknown } | null

/**
 * The permissions the answer names, in its `scope` or in its sentence. `undefined` for any other answer, and for one
 * that names none: nobody can be asked for those.
 */
export const missingScopes = async (
  response: Response,
  { scopes }: Pick<Protocol, 'scopes'>,
): Promise<readonly string[] | undefined> => {
  if (response.status !== 403) return
  const challenge = response.headers.get('www-authenticate') ?? ''
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as Answer
  if (body?.error !== 'insufficient_scope' && !challenge.includes('insufficient_scope')) return
  const words = `${String(body?.error_description ?? '')} ${challenge}`.match(/[\w.]+/g) ?? []
  const named = scopes.parse(body?.scope) ?? scopes.setOf(words.filter((word) => scopes.isKnown(word)))
  return named.length > 0 ? named : undefined
}
