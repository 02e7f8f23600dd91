/** Permissions asked for at the door: past this line, the compiler knows that they are there. */
import type { ScopeCodec } from './dialect.ts'
import { AuthError } from './errors.ts'
import type { Holds } from './scope.ts'

/** What of `required` was not granted, implications included. */
export const missingScopes = <S extends string>(
  codec: Pick<ScopeCodec<S>, 'contains'>,
  granted: readonly S[],
  required: readonly S[],
): readonly S[] => required.filter((scope) => !codec.contains(granted, [scope]))

/**
 * Goes on only if every scope was granted; afterwards `granted` counts as holding them.
 *
 * @throws AuthError `ScopesMissing`, with what is missing.
 */
export function requireScopes<S extends string, R extends S>(
  codec: ScopeCodec<S>,
  granted: readonly S[],
  ...required: readonly R[]
): asserts granted is readonly S[] & Holds<R> {
  const missing = missingScopes(codec, granted, required)
  if (missing.length > 0) throw new AuthError('ScopesMissing', { missing })
}
