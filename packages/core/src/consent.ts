/** Consent: what an app asks for, what it will get, and when the person must be asked again. */
import type { Dialect } from './dialect.ts'

export interface ConsentDiff<S extends string> {
  /** What the token will hold, the baseline included. */
  readonly granted: readonly S[]
  /** Asked for, and not available to this app. */
  readonly unavailable: readonly S[]
  /** In `granted`, and not in what the person granted before. */
  readonly added: readonly S[]
}

/** The exact set a request leads to, trimmed to what the app is allowed. */
export const diff = <S extends string>(
  dialect: Dialect<S>,
  requested: readonly S[],
  allowed: readonly S[],
  before: readonly S[],
): ConsentDiff<S> => {
  const { setOf, baseline } = dialect.scopes
  const may = (scope: S) => allowed.includes(scope) || baseline.includes(scope)
  const granted = setOf([...baseline, ...requested.filter(may)])
  return {
    granted,
    unavailable: setOf(requested.filter((scope) => !may(scope))),
    added: granted.filter((scope) => !before.includes(scope)),
  }
}
