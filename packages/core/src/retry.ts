/**
 * How long a server is waited for, and what may be asked of it twice: one rule for whoever asks, with Effect or without.
 *
 * | call                       | asked again                                                                            |
 * | -------------------------- | -------------------------------------------------------------------------------------- |
 * | exchange                   | never, once sent: a code that comes twice may end what it was good for                 |
 * | refresh                    | once, if the answer was lost: the spent token brings the same answer again for a while |
 * | revoke, userinfo, owner    | once, if the answer was lost: it changes nothing more                                  |
 *
 * Where a server does not repeat a lost answer, the session was lost with it: asking again cannot make that worse. A
 * server that answered, be it with 429 or 5xx, is not asked again by anybody: it says when, and the machine waits.
 *
 * Source: RFC 9700 section 4.14.2; the civitai contract for what a spent refresh token answers.
 */

/** `owner`: the app's own account (RFC 6749 section 4.4). */
export type Call = 'exchange' | 'refresh' | 'revoke' | 'userinfo' | 'owner'

/** Longest wait for one answer. */
export const answerWithinMs = 10_000
/** How long a server is left alone that did not say when to come again. */
export const leaveAloneMs = 5_000

/** Whether to ask once more, at once. `lost`: nothing came back, and the request may have had its effect. */
export const mayAskAgain = (call: Call, { lost }: { readonly lost: boolean }): boolean => lost && call !== 'exchange'
