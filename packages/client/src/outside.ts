/** Work that outlives its request: a person's session taken from the store, or the app's own account. */
import { type Interpreter, interpret } from '@civitai-oauth/core/effect'
import * as Machine from '@civitai-oauth/core/session'
import * as Cache from 'effect/Cache'
import * as Effect from 'effect/Effect'
import { usableToken } from './access-token.ts'
import type { Unavailable } from './authorization-server.ts'
import { type FetchTools, bearerFetch, spending } from './bearer-fetch.ts'
import { onClock } from './clock.ts'
import type { Context } from './context.ts'
import { failure } from './error.ts'
import type { Kept } from './keeper.ts'
import { renew } from './renewal.ts'
import { run } from './run.ts'
import type { StoreKeeper } from './store-keeper.ts'
import type { TokenAnswer } from './token-answer.ts'
import { createShared } from './waiting.ts'

/** Calls in somebody's name, without a browser. */
export interface Caller {
  /** Throws `NotSignedIn` where there is nobody, `ServerUnavailable` where the server cannot be reached. */
  accessToken(): Promise<string>
  /** As `session.spend`. */
  spend(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** As `session.fetch`. Nobody is there to be asked for permission: `ScopesMissing` is thrown. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
}

const callerOf = (
  { settings, platform, tracing }: Context,
  tools: Pick<FetchTools, 'accessToken' | 'renewed'>,
): Caller => {
  const fetch = tracing.fetch(
    bearerFetch({
      ...tools,
      settings,
      fetch: platform.fetch,
      scopesMissing: (missing) => failure('ScopesMissing', { missing }),
    }),
  )
  return { accessToken: tools.accessToken, fetch, spend: spending(fetch) }
}

type Held = Extract<Kept, { readonly _tag: 'Live' }>

const openHeld = async (shared: Context, { live, id }: Held): Promise<Caller> => {
  const { now } = shared.platform
  const machine: Interpreter<Machine.State, Machine.Event> = await run(
    interpret<Machine.State, Machine.Event, Machine.Command>(
      Machine.transition,
      { _tag: 'SignedIn', live },
      // What was renewed is saved under the lease; nobody is there to be sent anywhere.
      (command) =>
        command._tag === 'RefreshTokens'
          ? Effect.flatMap(machine.state, (state) =>
              renew(shared, 'live' in state ? state.live : live, command.refreshToken, id),
            )
          : Effect.undefined,
      Machine.questions,
    ),
  )
  const accessToken = async () => usableToken(await run(machine.dispatch({ _tag: 'Needed', at: now() })), now())
  return callerOf(shared, {
    accessToken,
    renewed: async (rejected) => {
      await run(machine.dispatch({ _tag: 'Rejected', accessToken: rejected }))
      return accessToken().catch(() => undefined)
    },
  })
}

/** @internal A person's last session in the store, whichever browser it was opened in. */
export const callerForUser = async (context: Context, userId: string): Promise<Caller> => {
  const [last] = await storeOf(context).ofUser(userId)
  if (last === undefined) throw failure('NotSignedIn')
  return openHeld(context, last)
}

/** @internal Without a store there is nobody to be found. */
export const storeOf = ({ keeper }: Context): StoreKeeper => {
  if ('ofUser' in keeper) return keeper
  throw new TypeError('Sessions live in cookies: give `createCivitaiAuth` a `store` to reach them without a request.')
}

/** @internal Ends every session of a person: nobody who carries one is signed in any more, and the tokens are taken back. */
export const endEverywhere = async (context: Context, userId: string): Promise<number> => {
  const keeper = storeOf(context)
  const sessions = await keeper.ofUser(userId)
  for (const { live, id } of sessions) {
    if (id !== undefined) await keeper.forget(id)
    await run(context.server.revoke(live.tokens.refreshToken ?? live.tokens.accessToken))
  }
  return sessions.length
}

/** Why the server gives an app no token of its own, in words of what to mend. */
const ownerRefusals: Readonly<Record<string, string>> = {
  unauthorized_client: 'Only a confidential app may act as its owner, and this one is public.',
  invalid_client: 'It does not know this client id with this client secret: look at both in the OAuth Apps card.',
  invalid_scope: 'Ask only for permissions that the app is registered with.',
}

const refusedOwner = (error: string) => {
  const refused = failure('ExchangeRefused', { error })
  const reason = Object.hasOwn(ownerRefusals, error) ? ownerRefusals[error] : `It answered \`${error}\`.`
  refused.message = `The server gave the app no token of its own. ${reason}`
  return refused
}

/** @internal The app's own account (`client_credentials`): one token for all who need it at the same time, until it runs out. */
export const ownerCaller = (context: Context, scopes: readonly string[]): Caller => {
  const { server, platform } = context
  const { now } = platform
  const aheadMs = 60_000
  const shared = createShared<TokenAnswer, Unavailable>()
  const cache = Effect.runSync(
    Cache.makeWith<'owner', TokenAnswer, Unavailable>(() => server.owner(scopes), {
      capacity: 1,
      timeToLive: (exit) =>
        exit._tag === 'Success' && exit.value._tag === 'Granted' ? exit.value.expiresAt - now() - aheadMs : 0,
    }),
  )
  const join: Effect.Effect<TokenAnswer, Unavailable> = shared.join(
    'owner',
    onClock(now)(Cache.get(cache, 'owner')),
    (first) => Effect.andThen(first ? Cache.invalidateAll(cache) : Effect.void, join),
  )
  const ask = (): Promise<TokenAnswer> =>
    run(
      Effect.mapError(join, ({ lost, retryAfterMs = 5_000 }) =>
        failure('ServerUnavailable', { until: now() + retryAfterMs, sent: lost }),
      ),
    )
  const accessToken = async () => {
    const answer = await ask()
    if (answer._tag === 'Granted') return answer.accessToken
    throw refusedOwner(answer.error)
  }
  return callerOf(context, {
    accessToken,
    renewed: async () => {
      await run(Cache.invalidateAll(cache))
      return accessToken().catch(() => undefined)
    },
  })
}
