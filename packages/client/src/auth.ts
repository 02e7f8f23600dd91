/** The handler: our own routes are answered here, every other request gets its session. */
import { errorAnswer, json, redirect, signOutPage } from './answer.ts'
import { beginAttempt } from './attempt.ts'
import { callback } from './callback.ts'
import { type Context, createContext } from './context.ts'
import { failure, isAuthError } from './error.ts'
import { isDocumentNavigation, isSameOrigin, mayLeave, waitsForPage, wantsPage } from './navigation.ts'
import { type DialectChoice, type Options, type ScopesOf, type Settings, resolveOptions } from './options.ts'
import { type Caller, callerForUser, endEverywhere, ownerCaller } from './outside.ts'
import { type Platform, platform as ownPlatform } from './platform.ts'
import { postedForm } from './posted-form.ts'
import { returnTo } from './return-to.ts'
import { type Routes, routesOf, signInPath } from './routes.ts'
import { run } from './run.ts'
import { type Session, createSession } from './session.ts'
import { keepFromOthers } from './shared-caches.ts'
import { viewOf } from './session-view.ts'
import { type Visit as OpenVisit, openVisit } from './visit.ts'

/** One request, where a framework has no `next`. */
export interface Visit<S extends string = string> {
  /** The answer, when the request was ours, has to leave for the authorization server, or its session cannot be read (503). */
  readonly response: Response | undefined
  readonly session: Session<S>
  /**
   * Appends what the session changed to the page's headers, and keeps a page that looked at its session out of shared
   * caches (`Cache-Control`, `Vary`). Called once, after the page has run, before headers leave.
   * Answers what to send instead of the page where the session ran out meanwhile and a round trip may bring it back, or
   * where the store could not take what changed.
   */
  commit(headers: Headers): Promise<Response | undefined>
}

/** What the authorization server has to know of an app. */
export interface Registration {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  /** What every sign-in asks for. */
  readonly scopes: readonly string[]
}

export interface CivitaiAuth<S extends string = string> {
  /** Answers our own routes; for any other request runs `next` with its session, and adds to the answer what the session changed. */
  handle(request: Request, next: (session: Session<S>) => Response | Promise<Response>): Promise<Response>
  open(request: Request): Promise<Visit<S>>
  /**
   * The answer to a thrown `NotSignedIn` or `ScopesMissing`: a redirect to sign in for a person going to a page or
   * sending a form, JSON with the same address for a program. `undefined` for any other error.
   */
  answer(error: unknown, request: Request): Response | undefined
  /** True where `session.fetch` would send the bearer. */
  sendsBearerTo(url: string | URL): boolean
  /** How the app has to be registered for people who come as this request did. Throws `OptionsInvalid` as a sign-in would. */
  registration(request: Request): Promise<Registration>
  /** The address to start a sign-in at: a path on this app. */
  signInPath(request?: { readonly returnTo?: string; readonly scopes?: readonly S[] }): string
  readonly routes: Routes
  /** Calls for a person without a request; needs a `store`. Throws `NotSignedIn` where they have no session. */
  forUser(userId: string): Promise<Caller>
  /** Signs a person out of every browser; needs a `store`. Answers how many sessions ended. */
  endEverywhere(userId: string): Promise<number>
  /** Calls for the app's own account; confidential apps only. Without scopes, all the app is allowed. */
  asOwner(...scopes: readonly S[]): Promise<Caller>
}

const pathOf = (request: Request) => {
  const { pathname, search } = new URL(request.url)
  return pathname + search
}

/** To try again: a path that begins with two slashes would lead to another host. */
const samePage = (request: Request) => returnTo(pathOf(request), new URL(request.url).origin)

const notAllowed = (allow: string) => json({ error: 'MethodNotAllowed', message: `Use ${allow}.` }, 405, [], { allow })

/** `GET /oauth/sign-in`. */
const signIn = async (context: Context, request: Request): Promise<Response> => {
  const site = context.site(request)
  const { scopes: codec } = context.settings.dialect
  if (!mayLeave(request)) return errorAnswer(failure('CrossSiteRequest'), request, pathOf(request))
  const query = new URL(request.url).searchParams
  const visit = await openVisit(context, request, 'as-is')
  const state = visit.state()
  const granted = 'live' in state ? state.live.tokens.scopes : []
  const more = (query.get('scopes') ?? '').split(/[\s,]+/)
  const prompt = query.get('prompt')
  const departure = await run(
    beginAttempt(context, site, visit.cookies, {
      scopes: codec.setOf([...context.settings.scopes, ...granted, ...more]),
      returnTo: returnTo(query.get('returnTo'), site.origin),
      silent: false,
      prompt: prompt === 'consent' || prompt === 'login' ? prompt : undefined,
    }),
  )
  return redirect(departure.location, departure.setCookies)
}

/** `POST /oauth/sign-out`. */
const signOut = async (context: Context, request: Request): Promise<Response> => {
  const { origin } = context.site(request)
  if (!isSameOrigin(request, origin)) return errorAnswer(failure('CrossSiteRequest'), request, '/')
  const visit = await openVisit(context, request, 'as-is')
  await visit.dispatch({ _tag: 'SignOut' })
  const setCookies = await visit.commit()
  if (!wantsPage(request)) return json(viewOf(visit.state()), 200, setCookies)
  const form = await postedForm(request)
  const wanted = form.get('returnTo') ?? new URL(request.url).searchParams.get('returnTo')
  return redirect(returnTo(wanted, origin), setCookies)
}

/** `GET /oauth/session`. */
const session = async (context: Context, request: Request): Promise<Response> => {
  const visit = await openVisit(context, request)
  const view = viewOf(visit.state())
  return json(view, 200, await visit.commit())
}

/** What a page did with its session. */
interface Use {
  readonly wanted: Set<string>
  looked: boolean
}

/** Into the page's headers: what the session changed, and what caches must know. */
const write = (headers: Headers, setCookies: readonly string[], looked: boolean, visit: OpenVisit): void => {
  if (looked) keepFromOthers(headers, visit.state()._tag !== 'SignedOut')
  for (const value of setCookies) headers.append('set-cookie', value)
  if (setCookies.length > 0) headers.set('cache-control', 'private, no-store')
}

/** @internal For this package's tests, which bring their own clock and server; apps call `createCivitaiAuth`. */
export const createAuth = <D extends DialectChoice = 'civitai'>(
  options: Options<D>,
  platform: Platform,
): CivitaiAuth<ScopesOf<D>> => {
  type S = ScopesOf<D>
  const settings = resolveOptions(options) as Settings<string> as Settings
  const routes = routesOf(settings)
  const bearerOrigins = new Set([new URL(settings.apiOrigin).origin, new URL(settings.issuer).origin])
  let started: Promise<Context> | undefined
  const context = () => (started ??= createContext(settings, platform))

  /** Once: the exact address to register, the commonest thing to get wrong. At the start where it is known, or with the first request. */
  let announced = false
  const announce = ({ origin }: { readonly origin: string }) => {
    if (announced) return
    announced = true
    if (!settings.announces(origin)) return
    console.info(`Sign-in: register ${origin}${settings.callbackPath} as a redirect URI of ${settings.clientId}.`)
  }
  if (settings.origin !== undefined) announce({ origin: settings.origin })

  const owners = new Map<string, Caller>()
  const ownerOf = (shared: Context, scopes: readonly S[]): Caller => {
    const key = [...scopes].toSorted().join(' ')
    const owner = owners.get(key) ?? ownerCaller(shared, scopes)
    owners.set(key, owner)
    return owner
  }

  /** Our own routes by path; the method each takes. */
  const own: Record<
    string,
    {
      readonly method: string
      readonly run: (context: Context, request: Request) => Promise<Response>
      /** Its span. */
      readonly name?: string
    }
  > = {
    [routes.signIn]: { method: 'GET', run: signIn, name: 'sign-in' },
    [routes.callback]: { method: 'GET', run: callback, name: 'callback' },
    [routes.signOut]: { method: 'POST', run: signOut, name: 'sign-out' },
    [routes.session]: { method: 'GET', run: session },
  }

  const answerOwn = async (request: Request): Promise<Response | undefined> => {
    const route = own[new URL(request.url).pathname]
    if (route === undefined) return
    if (request.method !== route.method) {
      const followed = route.run === signOut && request.method === 'GET' && wantsPage(request)
      return followed ? signOutPage(pathOf(request)) : notAllowed(route.method)
    }
    const shared = await context()
    const answer = async () => {
      try {
        announce(shared.site(request))
        return await route.run(shared, request)
      } catch (error) {
        if (isAuthError(error)) {
          console.error(error.message)
          return errorAnswer(error, request, routes.signIn)
        }
        throw error
      }
    }
    return route.name === undefined ? answer() : shared.tracing.route(route.name, answer)
  }

  const answer = (error: unknown, request: Request): Response | undefined => {
    if (!isAuthError(error) || (error._tag !== 'NotSignedIn' && error._tag !== 'ScopesMissing')) return
    // A form cannot be sent again by going to it: its page is where the person takes it up.
    const returnTo = request.method === 'GET' ? pathOf(request) : (request.headers.get('referer') ?? undefined)
    const address = signInPath(settings, {
      returnTo,
      scopes: error._tag === 'ScopesMissing' ? error.detail.missing : [],
    })
    return waitsForPage(request) ? redirect(address) : errorAnswer(error, request, address)
  }

  const begin = async (request: Request, how: 'renew' | 'as-is' = 'renew') => {
    const shared = await context()
    announce(shared.site(request))
    const visit = await openVisit(shared, request, how)
    const use: Use = { wanted: new Set(), looked: false }
    const session = createSession<S>(shared, visit, {
      stepUp: (scopes) => {
        for (const scope of scopes) use.wanted.add(scope)
      },
      looked: () => {
        use.looked = true
      },
    })
    return { visit, session, use }
  }

  /** Sessions that cannot be read or saved are not gone: whoever carries one is asked to come again. */
  const or503 = async <A>(request: Request, work: () => Promise<A>): Promise<A | Response> => {
    try {
      return await work()
    } catch (error) {
      if (!isAuthError(error) || error._tag !== 'StoreUnavailable') throw error
      console.error(error.message, error.cause instanceof Error ? error.cause.message : '')
      return errorAnswer(error, request, samePage(request))
    }
  }

  /** The page's answer, or the round trip that has to come first: the session ran out, or a permission turned out to be missing. */
  const settle = async (request: Request, visit: OpenVisit, { wanted, looked }: Use, response: Response) => {
    if (wanted.size > 0 && response.status >= 400 && isDocumentNavigation(request))
      await visit.dispatch({ _tag: 'ScopesRequired', scopes: [...wanted] })
    const setCookies = await visit.commit()
    const departure = visit.departure()
    if (departure !== undefined) {
      await response.body?.cancel()
      return redirect(departure.location, setCookies)
    }
    if (setCookies.length === 0 && !looked) return response
    const changed = new Response(response.body, response)
    write(changed.headers, setCookies, looked, visit)
    return changed
  }

  return {
    routes,
    answer,
    forUser: async (userId) => callerForUser(await context(), userId),
    endEverywhere: async (userId) => endEverywhere(await context(), userId),
    asOwner: async (...scopes) => ownerOf(await context(), scopes),
    sendsBearerTo: (url) => URL.canParse(String(url)) && bearerOrigins.has(new URL(url).origin),
    signInPath: (request) => signInPath(settings, request),
    registration: async (request) => {
      const { origin } = (await context()).site(request)
      const { issuer, clientId, callbackPath, scopes } = settings
      return { issuer, clientId, redirectUri: origin + callbackPath, scopes }
    },
    handle: async (request, next) => {
      const ours = await answerOwn(request)
      if (ours !== undefined) return ours
      const begun = await or503(request, () => begin(request))
      if (begun instanceof Response) return begun
      const { visit, session, use } = begun
      const leaving = visit.departure()
      if (leaving !== undefined) return redirect(leaving.location, await visit.commit())
      let response: Response
      try {
        response = await next(session)
      } catch (error) {
        const instead = answer(error, request)
        if (instead === undefined) throw error
        response = instead
      }
      return or503(request, () => settle(request, visit, use, response))
    },
    open: async (request) => {
      const ours = await answerOwn(request)
      const begun = await or503(request, () => begin(request, ours === undefined ? 'renew' : 'as-is'))
      // Nobody can tell whose request it is: what a page would get is nobody's, and the answer goes out in its place.
      const { visit, session, use } = begun instanceof Response ? await begin(new Request(request.url), 'as-is') : begun
      const unreadable = begun instanceof Response ? begun : undefined
      const leaving = visit.departure()
      return {
        session,
        response: ours ?? unreadable ?? (leaving && redirect(leaving.location, await visit.commit())),
        commit: async (headers) => {
          const setCookies = await or503(request, visit.commit)
          if (setCookies instanceof Response) return setCookies
          const restoring = visit.departure()
          if (restoring !== undefined) return redirect(restoring.location, setCookies)
          write(headers, setCookies, use.looked, visit)
          return undefined
        },
      }
    },
  }
}

/**
 * The app's side of "Sign in with Civitai". Options not given come from the environment; throws one `OptionsInvalid`
 * that lists everything missing or wrong.
 */
export const createCivitaiAuth = <D extends DialectChoice = 'civitai'>(
  options: Options<D> = {},
): CivitaiAuth<ScopesOf<D>> => createAuth(options, ownPlatform)
