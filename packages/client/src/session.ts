/** The session a page gets on a server: what `SessionView` says, and the tools that need its tokens. */
import type * as Machine from '@civitai-oauth/core/session'
import { usableToken } from './access-token.ts'
import { bearerFetch, spending } from './bearer-fetch.ts'
import type { Context } from './context.ts'
import { failure } from './error.ts'
import { type SessionView, viewOf } from './session-view.ts'
import { signInPath } from './routes.ts'
import type { Visit } from './visit.ts'

export interface SessionTools<S extends string = string> {
  /** The same without the tools: plain data, to hand to a browser. */
  readonly view: SessionView<S>
  /** Where to send a person to sign in, or to allow more: a path of this app. */
  signInPath(request?: { readonly returnTo?: string; readonly scopes?: readonly S[] }): string
  /** The machine's state, for people who debug: `SignedIn`, `TryLater`, `Expired`, … */
  readonly state: Machine.State['_tag']
  /**
   * An access token that is not about to run out. Throws `NotSignedIn` where there is nobody, `ServerUnavailable` (with
   * `detail.until`) where it ran out and the server cannot be reached.
   */
  accessToken(): Promise<string>
  /**
   * `fetch` with the bearer, for the API's origin only; a path is resolved against it, anything else throws
   * `OriginNotAllowed`. A 401 is tried once more with renewed tokens; a 403 `insufficient_scope` throws `ScopesMissing`.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** `fetch` for a call that spends buzz: throws `SpendRefused` where the API refuses to, and is not to be tried again. */
  spend(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Throws `NotSignedIn`, or `ScopesMissing` with the permissions to ask for. `handle` turns both into the right answer. */
  requireScopes(...scopes: readonly S[]): void
}

export type Session<S extends string = string> = SessionView<S> & SessionTools<S>

/** The same object, which tells when somebody reads it. */
const watched = <A extends object>(given: A, looked: () => void): A => {
  const watching = {} as A
  for (const name of Object.keys(given) as (keyof A)[])
    Object.defineProperty(watching, name, { enumerable: true, get: () => (looked(), given[name]) })
  return watching
}

/** What happens while a page uses its session. @internal */
export interface SessionUse {
  /** Permissions turned out to be missing. */
  stepUp(scopes: readonly string[]): void
  /** Somebody read it: the answer depends on who asked. */
  looked(): void
}

/** @internal */
export const createSession = <S extends string>(
  { settings, platform, tracing }: Context,
  visit: Visit,
  { stepUp, looked }: SessionUse,
): Session<S> => {
  const { scopes: codec } = settings.dialect
  const scopesMissing = (scopes: readonly string[]) => {
    stepUp(scopes)
    return failure('ScopesMissing', { missing: scopes })
  }
  const accessToken = async () =>
    usableToken(await visit.dispatch({ _tag: 'Needed', at: platform.now() }), platform.now())
  const fetch = tracing.fetch(
    bearerFetch({
      settings,
      fetch: platform.fetch,
      accessToken,
      renewed: async (rejected) => {
        await visit.dispatch({ _tag: 'Rejected', accessToken: rejected })
        return accessToken().catch(() => undefined)
      },
      scopesMissing,
    }),
  )
  const view = viewOf<S>(visit.state())
  const session: Session<S> = {
    ...view,
    view,
    signInPath: (request) => signInPath(settings, request),
    get state() {
      return visit.state()._tag
    },
    accessToken,
    fetch,
    spend: spending(fetch),
    requireScopes: (...scopes) => {
      const state = visit.state()
      if (!('live' in state)) throw failure('NotSignedIn')
      const granted = state.live.tokens.scopes as readonly S[]
      if (!(codec.contains as (a: Iterable<string>, b: Iterable<string>) => boolean)(granted, scopes))
        throw scopesMissing(scopes.filter((scope) => !granted.includes(scope)))
    },
  }
  return watched(session, looked)
}
