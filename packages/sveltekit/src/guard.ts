/** Guards: what a `load`, an action or an endpoint may count on after it called one. */
import type { Session, SessionTools, SessionView } from '@civitai-oauth/client'
import { loadedKit } from './kit.ts'

/** What a guard needs of SvelteKit's event. */
export interface GuardedEvent<S extends string = string> {
  readonly locals: { readonly civitai: Session<S> }
  readonly request: Request
  readonly url: URL
  readonly isDataRequest?: boolean
  readonly isRemoteRequest?: boolean
}

export type SignedIn<S extends string = string> = Extract<SessionView<S>, { status: 'signed-in' }> & SessionTools<S>

/** Of remote functions, queries and forms: a redirect in a command is an error. Commands carry JSON. */
const remoteFollows = ({ request, isRemoteRequest }: GuardedEvent) =>
  isRemoteRequest === true &&
  !(request.method === 'POST' && (request.headers.get('content-type') ?? '').includes('json'))

/** Pages, their data and enhanced forms follow a redirect; a program gets a status. */
const followsRedirect = (event: GuardedEvent) =>
  event.isDataRequest === true ||
  remoteFollows(event) ||
  event.request.headers.has('x-sveltekit-action') ||
  (event.request.headers.get('accept') ?? '').includes('text/html')

/** SvelteKit throws where a query looks at these. */
const isQuery = (event: GuardedEvent): boolean => {
  try {
    return event.url === undefined
  } catch {
    return true
  }
}

/** The page that asks for a remote function: forms and commands say which it is, for queries the browser does. */
const pageThatAsks = ({ request: { headers, url } }: GuardedEvent): string => {
  const pathname = headers.get('x-sveltekit-pathname')
  if (pathname !== null) return pathname + (headers.get('x-sveltekit-search') ?? '')
  const referer = headers.get('referer') ?? ''
  const page = URL.canParse(referer) ? new URL(referer) : undefined
  return page?.origin === new URL(url).origin ? page.pathname + page.search : '/'
}

/** The page a person is on. A query may not look at its event's address, but it may be part of a page. */
const pageOf = (event: GuardedEvent): string => {
  if (event.isRemoteRequest === true) return pageThatAsks(event)
  const { method, url } = event.request
  const { pathname, search } = isQuery(event) ? new URL(url) : event.url
  // A form cannot be sent again by going to it: its page is where the person takes it up.
  return pathname + (method === 'GET' ? search : '')
}

const send = (event: GuardedEvent, status: 401 | 403, scopes: readonly string[] = []): never => {
  const { error, redirect } = loadedKit()
  if (followsRedirect(event)) return redirect(303, event.locals.civitai.signInPath({ returnTo: pageOf(event), scopes }))
  return status === 401 ? error(401, 'Please sign in.') : error(403, `This needs permission: ${scopes.join(', ')}.`)
}

/** The session of the person who is signed in. Anybody else is sent to sign in, and comes back to this page. */
export const requireUser = <S extends string>(event: GuardedEvent<S>): SignedIn<S> => {
  const session = event.locals.civitai
  return session.status === 'signed-in' ? session : send(event, 401)
}

/** The same, with these permissions. Who has not granted them is asked to, beside all they granted before. */
export const requireScopes = <S extends string>(
  event: GuardedEvent<S>,
  ...scopes: readonly NoInfer<S>[]
): SignedIn<S> => {
  const session = requireUser(event)
  return scopes.every((scope) => session.scopes.includes(scope)) ? session : send(event, 403, scopes)
}
