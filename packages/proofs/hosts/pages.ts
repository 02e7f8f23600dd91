/** The pages of the app under test, the same on every host: small answers that say what its session is worth. */
import { type Session, isAuthError } from '@civitai-oauth/client'

export interface Visit {
  readonly request: Request
  readonly session: Session
  /** The host's own guard. */
  readonly requireScopes: (...scopes: readonly ('AIServicesWrite' | 'UserRead')[]) => unknown
}

/** The app's clock is moved from outside, as the server's is. */
const machine = Date.now
let ahead = 0
Date.now = () => machine() + ahead

/** What went wrong, for those errors that a page has to live with. */
const told = async (work: () => Promise<Response>): Promise<Response> => {
  try {
    const answer = await work()
    return Response.json({ status: answer.status, body: await answer.text() })
  } catch (error) {
    if (isAuthError(error) && error._tag !== 'NotSignedIn' && error._tag !== 'ScopesMissing')
      return Response.json({ error: error._tag })
    throw error
  }
}

const pages: Readonly<Record<string, (visit: Visit) => Response | Promise<Response>>> = {
  '/': ({ session }) => Response.json({ status: session.status, state: session.state }),
  '/later': ({ request }) => {
    ahead += Number(new URL(request.url).searchParams.get('seconds')) * 1000
    return Response.json({ ahead })
  },
  '/me': ({ session, requireScopes }) => {
    requireScopes('UserRead')
    return told(() => session.fetch('/api/v1/me'))
  },
  '/make': ({ requireScopes }) => {
    requireScopes('AIServicesWrite')
    return new Response('made')
  },
  '/reach': ({ request, session }) => told(() => session.fetch(new URL(request.url).searchParams.get('url') ?? '')),
}

export const pageOf = (visit: Visit): Response | Promise<Response> => {
  const page = pages[new URL(visit.request.url).pathname]
  return page === undefined ? new Response('No such page.', { status: 404 }) : page(visit)
}
