/**
 * What Civitai's production does and no page of it documents, one name each. The profile `observed` switches them all
 * on, so that an app can be tested against what really answers.
 *
 * Source: the notes marked *observed* in Civitai's wire contract.
 */
import type { Quirk } from '../dialect.ts'

const observed = (sentence: string): Quirk => ({ sentence, observed: true })
const alsoDocumented = (sentence: string): Quirk => ({ sentence, observed: true, documented: true })
const byNameOnly = (sentence: string): Quirk => ({ sentence, observed: false })

export const quirks = {
  'no-issuer': observed('The callback carries no `iss`.'),
  'redirect-303': observed('The way back to the app is a 303, where 302 is usual.'),
  'code-5-minutes': observed('A code lives five minutes, not ten.'),
  'session-first': observed(
    'Authorize looks for a session and counts the request before it reads it, so a bad request without a session leads to sign-in.',
  ),
  'extra-scope-refused': observed(
    'A scope that the app is not registered for is refused with `invalid_scope` after the person has approved, not trimmed.',
  ),
  'unnamed-scopes': observed(
    'AppBlocksSubmit, AppBlocksDevTunnel and LinkConnect can be asked for, though no preset holds them.',
  ),
  'no-refresh-grace': observed(
    'A spent refresh token is refused at once: a lost answer is not replayed, and reuse ends nothing else.',
  ),
  'refresh-ignores-scope': observed('`scope` in a refresh is ignored: tokens cannot be narrowed.'),
  'token-limit-by-address': observed('The token endpoint counts requests by address, not by client.'),
  'revoke-does-nothing': observed("A confidential client's revoke answers 200 and leaves the person's tokens alive."),
  'loopback-any-port': observed('A redirect URI on a loopback host matches on any port.'),
  'http-allowed': observed('Registration accepts plain http:// for every host.'),
  'legacy-proxied': observed('The legacy host redirects authorize only, and answers the other paths itself.'),
  'device-flow': alsoDocumented('There is a device flow (RFC 8628) at `device` and `device-token`.'),
  introspection: alsoDocumented('There is token introspection (RFC 7662) for confidential clients on a list.'),
  'openid-discovery-only': observed(
    'Discovery answers at the OpenID address only, not at `oauth-authorization-server`.',
  ),
  'scope-as-array': byNameOnly("The token answer's `scope` is an array with one decimal string."),
  'scope-as-number': byNameOnly("The token answer's `scope` is a number."),
} as const satisfies Readonly<Record<string, Quirk>>

export type CivitaiQuirk = keyof typeof quirks
