/** Guards: what a `load`, an action or an endpoint may count on after it called one. */
import type { Session, SessionTools, SessionView } from '@civitai-oauth/client'
import { error, redirect } from '@sveltejs/kit'

/** What a guard needs of SvelteKit's event. */
export interface GuardedEvent<S extends string = string> {
  readonly locals: { readonly civitai: Session<S> }
  readonly request: Request
  readonly url: URL
  readonly isDataRequest?: boolean
}

export type SignedIn<S extends string = string> = Extract<SessionView<S>, { status: 'signed-in' }> & SessionTools<S>

/** Pages, their data and enhanced forms follow a redirect; a program gets a status. */
const followsRedirect = ({ request, isDataRequest }: GuardedEvent) =>
  isDataRequest === true ||
  request.headers.has('x-sveltekit-action') ||
  (request.headers.get('accept') ?? '').includes('text/html')

const send = (event: GuardedEvent, status: 401 | 403, scopes: readonly string[] = []): never => {
  // A form cannot be sent again by going to it: its page is where the person takes it up.
  const returnTo = event.url.pathname + (event.request.method === 'GET' ? event.url.search : '')
  if (followsRedirect(event)) redirect(303, event.locals.civitai.signInPath({ returnTo, scopes }))
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
