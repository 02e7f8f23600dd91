/** A public client's way to the authorization server and back. */
import type { ClientErrorTag } from '@civitai-oauth/core/errors'
import { s256, verifierOf } from '@civitai-oauth/core/pkce'
import { answerWithinMs } from '@civitai-oauth/core/retry'
import { run } from '@civitai-oauth/core/runner'
import type { Live } from '@civitai-oauth/core/session'
import * as SignIn from '@civitai-oauth/core/sign-in'
import { authorizeUrl } from '../authorize-url.ts'
import { returnTo } from '../return-to.ts'
import { tokensOf } from '../token-answer.ts'
import { type PublicTarget, askToken, askUser } from './public-token.ts'
import type { Attempt, Shelf } from './shelf.ts'

export interface Wish {
  readonly scopes: readonly string[]
  /** A path on our own origin. */
  readonly back: string
  /** No page may be shown. */
  readonly silent: boolean
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** Keeps the attempt for this tab, and leaves; false where it cannot be kept, for then nobody could come back. */
export const leave = async (
  target: PublicTarget,
  shelf: Shelf,
  callbackPath: string,
  { scopes, back, silent }: Wish,
): Promise<boolean> => {
  const verifier = verifierOf(random(32))
  const pending: SignIn.Pending = {
    state: hex(random(16)),
    verifier,
    redirectUri: location.origin + callbackPath,
    returnTo: returnTo(back, location.origin),
    startedAt: Date.now(),
    silent,
  }
  const challenge = await s256(verifier)
  let kept = false
  const machine = run(SignIn.transition, SignIn.idle, (command: SignIn.Command) => {
    if (command._tag === 'KeepAttempt') kept = shelf.keepAttempt({ pending: command.pending, scopes })
    if (command._tag === 'Authorize' && kept)
      // A round trip that nobody asked for is no step that the back button should take.
      location[silent ? 'replace' : 'assign'](authorizeUrl(target, { ...command, prompt: silent ? 'none' : undefined }))
  })
  await machine.dispatch({ _tag: 'Start', pending, challenge, scopes })
  return kept
}

export type Arrival =
  | { readonly _tag: 'Arrived'; readonly live: Live }
  /** `refused`: the server would have to show a page, or the person said no. */
  | { readonly _tag: 'Failed'; readonly error: ClientErrorTag; readonly refused: boolean }

const rejected: Record<SignIn.Rejection, ClientErrorTag> = {
  StateMismatch: 'StateMismatch',
  IssuerMismatch: 'IssuerMismatch',
  AttemptExpired: 'AttemptExpired',
  Denied: 'ConsentDenied',
  InteractionRequired: 'ServerRefused',
  ServerRefused: 'ServerRefused',
  CodeMissing: 'CodeMissing',
}

const outcome = (end: SignIn.State, live: Live | undefined): Arrival => {
  if (end._tag === 'SignedIn' && live !== undefined) return { _tag: 'Arrived', live }
  if (end._tag === 'Rejected') {
    const refused = end.rejection === 'Denied' || end.rejection === 'InteractionRequired'
    return { _tag: 'Failed', error: rejected[end.rejection], refused }
  }
  const kind = end._tag === 'ExchangeFailed' ? end.failure.kind : 'refused'
  return { _tag: 'Failed', error: kind === 'refused' ? 'ExchangeRefused' : 'ServerUnavailable', refused: false }
}

/** Whether a callback without `iss` must be refused: a server that publishes metadata without the promise is believed. */
const needsIssuer = async ({ dialect, issuer }: PublicTarget): Promise<boolean> => {
  // Production was observed to send none.
  if (!dialect.sendsIssuer || issuer === dialect.production.auth) return false
  try {
    const signal = AbortSignal.timeout(answerWithinMs)
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`, { signal })
    const metadata = (await answer.json()) as Record<string, unknown>
    return !answer.ok || metadata['authorization_response_iss_parameter_supported'] === true
  } catch {
    return true
  }
}

/** Takes a callback to its end. The code is sent once, whatever comes of it. */
export const comeBack = async (
  target: PublicTarget,
  shelf: Shelf,
  { pending, scopes }: Attempt,
  parameters: URLSearchParams,
): Promise<Arrival> => {
  const query: Record<string, string> = {}
  for (const name of ['code', 'state', 'iss', 'error']) {
    const [value, ...more] = parameters.getAll(name)
    if (more.length > 0) return { _tag: 'Failed', error: 'StateMismatch', refused: false }
    if (value !== undefined) query[name] = value
  }
  let live: Live | undefined
  const exchange = async ({ code, verifier, redirectUri }: SignIn.VerifiedCallback): Promise<SignIn.Event> => {
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }
    const answer = await askToken(target, 'exchange', form)
    if (answer._tag === 'Refused') return { _tag: 'ExchangeFailed', failure: { kind: 'refused', error: answer.error } }
    const user = answer._tag === 'Granted' ? await askUser(target, answer.accessToken) : undefined
    if (answer._tag !== 'Granted' || user === undefined)
      return { _tag: 'ExchangeFailed', failure: { kind: 'unavailable', error: 'temporarily_unavailable' } }
    const tokens = tokensOf(answer, scopes, null)
    live = { user, tokens, signedInAt: Date.now() }
    return { _tag: 'Exchanged', tokens }
  }
  const machine = run(
    SignIn.transition,
    SignIn.resume(pending),
    (command: SignIn.Command): Promise<SignIn.Event> | void => {
      if (command._tag === 'DropAttempt') shelf.dropAttempt(command.pending)
      if (command._tag === 'ExchangeCode') return exchange(command.callback)
    },
    SignIn.questions,
  )
  const expected = {
    issuer: target.issuer,
    issuerRequired: query['iss'] === undefined && query['code'] !== undefined ? await needsIssuer(target) : true,
  }
  return outcome(await machine.dispatch({ _tag: 'Callback', query, expected, at: Date.now() }), live)
}
