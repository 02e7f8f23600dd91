/** The start of a sign-in: the machine's commands carried out as a cookie to keep and an address to go to. */
import { interpret } from '@civitai-oauth/core/effect'
import { s256, verifierOf } from '@civitai-oauth/core/pkce'
import * as SignIn from '@civitai-oauth/core/sign-in'
import * as Effect from 'effect/Effect'
import { keepAttempt } from './attempt-cookie.ts'
import type { Context, Site } from './context.ts'
import { returnTo } from './return-to.ts'

export interface AttemptRequest {
  readonly scopes: readonly string[]
  /** Where the person goes afterwards: anything but a path on our own origin becomes the start page. */
  readonly returnTo: string
  /** No page may be shown. */
  readonly silent: boolean
  /** Shown again even where consent is remembered, e.g. `consent`. */
  readonly prompt?: string | undefined
}

/** Where the browser goes, and the `Set-Cookie` values it takes along. */
export interface Departure {
  readonly location: string
  readonly setCookies: readonly string[]
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const beginAttempt = Effect.fnUntraced(function* (
  { settings, platform, sealer, server }: Context,
  { origin, names }: Site,
  cookies: ReadonlyMap<string, string>,
  request: AttemptRequest,
) {
  const verifier = verifierOf(platform.random(32))
  const pending: SignIn.Pending = {
    state: hex(platform.random(16)),
    verifier,
    redirectUri: origin + settings.callbackPath,
    // A path may begin with two slashes, and then it is a host: nothing leaves this place unread.
    returnTo: returnTo(request.returnTo, origin),
    startedAt: platform.now(),
    silent: request.silent,
  }
  const { scopes } = request
  let departure: Departure = { location: '', setCookies: [] }
  const machine = yield* interpret(SignIn.transition, SignIn.idle, (command: SignIn.Command) =>
    Effect.promise(async () => {
      if (command._tag === 'KeepAttempt') {
        const setCookies = await keepAttempt({ pending: command.pending, scopes }, cookies, names, sealer)
        departure = { ...departure, setCookies }
      }
      if (command._tag === 'Authorize') {
        const prompt = command.pending.silent ? 'none' : request.prompt
        departure = { ...departure, location: server.authorizeUrl({ ...command, prompt }) }
      }
      return undefined
    }),
  )
  const challenge = yield* Effect.promise(() => s256(verifier))
  yield* machine.dispatch({ _tag: 'Start', pending, challenge, scopes })
  return departure
})
