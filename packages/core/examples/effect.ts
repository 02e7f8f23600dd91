/** A desktop app that signs a person in and then needs tokens, with Effect all the way. */
import * as Core from '@civitai-oauth/core/effect'
import type { CallbackQuery, Tokens } from '@civitai-oauth/core/sign-in'
import * as Clock from 'effect/Clock'
import * as Effect from 'effect/Effect'
import * as Layer from 'effect/Layer'

const redirectUri = 'http://localhost:8123/callback'
const expected = { issuer: 'https://auth.civitai.com', issuerRequired: false }

/** What is yours: the local server that the browser comes back to, and who somebody is. */
export interface Desktop {
  readonly callback: Effect.Effect<CallbackQuery>
  readonly whoIs: (tokens: Tokens) => Effect.Effect<{ readonly id: string; readonly username: string }>
}

// #example
/** Signs a person in; answers a token that is good whenever it is asked for, refreshed once for however many ask. */
export const tokenOf = Effect.fnUntraced(function* ({ callback, whoIs }: Desktop) {
  const session = yield* Core.session((scopes, silent) =>
    Effect.asVoid(Core.begin({ scopes, silent, redirectUri, returnTo: '/' })),
  )
  yield* Core.begin({ scopes: ['UserRead', 'BuzzRead'], redirectUri, returnTo: '/' })
  yield* Core.comeBack(yield* callback, expected, (tokens) =>
    Effect.gen(function* () {
      const live = { user: yield* whoIs(tokens), tokens, signedInAt: yield* Clock.currentTimeMillis }
      yield* session.dispatch({ _tag: 'SignedIn', live })
    }),
  )
  return session.accessToken
})

/** Everything in memory; the endpoint and the browser are yours. */
export const desktop = Layer.mergeAll(Core.AttemptStore.memory, Core.SessionStore.memory, Core.Randomness.webCrypto)
// #end
