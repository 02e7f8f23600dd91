import { type Session, type SessionStore, createCivitaiAuth } from '@civitai-oauth/client'
import { type BetterAuthOptions, betterAuth } from 'better-auth'

interface Given {
  readonly origin: string
  readonly secret: string
  readonly database: NonNullable<BetterAuthOptions['database']>
  readonly store: SessionStore
  /** The app's own table: which Civitai account each of its people has connected. */
  readonly connections: Map<string, string>
  readonly env: Readonly<Record<string, string>>
}

export const createApp = ({ origin, secret, database, store, connections, env }: Given) => {
  // #beside
  // Theirs: who is signed in to this app.
  const login = betterAuth({ baseURL: origin, secret, database, emailAndPassword: { enabled: true } })
  // Ours: the Civitai account that they connected.
  const civitai = createCivitaiAuth({ basePath: '/civitai', scopes: ['UserRead', 'AIServicesWrite'], store, env })

  const connected = (appUser: string, account: Session) => {
    if (account.status !== 'signed-in') return
    const taken = [...connections].some(([other, id]) => id === account.user.id && other !== appUser)
    if (!taken) connections.set(appUser, account.user.id)
  }

  const handle = (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/api/auth/')) return login.handler(request)
    return civitai.handle(request, async (account) => {
      const who = await login.api.getSession({ headers: request.headers })
      if (who === null) return new Response('Sign in to this app first.', { status: 401 })
      // Where the browser comes back to, once the person has allowed it.
      if (pathname === '/connected') connected(who.user.id, account)
      if (connections.has(who.user.id)) return new Response(`${who.user.name}, your Civitai account is connected.`)
      const connect = civitai.signInPath({ returnTo: '/connected' })
      return new Response(`<a href="${connect}">Connect Civitai</a>`, { headers: { 'content-type': 'text/html' } })
    })
  }

  /** Long after the request, or with nobody at a browser at all. */
  const makePicture = async (appUser: string, body: string) => {
    const person = await civitai.forUser(connections.get(appUser) ?? '')
    return person.spend('/v2/consumer/workflows', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
  }
  // #end
  return { handle, makePicture }
}
