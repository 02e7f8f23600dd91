/** A step-up that is never granted must not send a person round and round. The one rule for servers and browsers. */
import type { Live, User } from '@civitai-oauth/core/session'

/** Who was signed in before, with what. */
export interface Before {
  readonly user: User
  readonly scopes: readonly string[]
  /** Unix milliseconds. */
  readonly signedInAt: number
}

/** Two sign-ins within this time that bring the same are a circle: the page would only ask a third time. */
export const circleMs = 30_000

/** What a step-up asked for once more and was not given once more; `[]` for any other sign-in. */
export const circling = (
  before: Before | undefined,
  { tokens, user, signedInAt }: Live,
  asked: readonly string[],
): readonly string[] => {
  if (before?.user.id !== user.id || signedInAt - before.signedInAt > circleMs) return []
  const missing = asked.filter((scope) => !tokens.scopes.includes(scope))
  return tokens.scopes.every((scope) => before.scopes.includes(scope)) ? missing : []
}
