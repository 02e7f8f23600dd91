/** What the consent page shows, from the request that was kept. */
import * as Consent from '@civitai-oauth/core/consent'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { extra } from '../discovery.ts'
import { dialects } from '../dialects.ts'
import type { Provider } from '../provider.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import type { PendingRequest } from '../storage/consents.ts'
import { digest } from '../token.ts'
import { grantable } from './authorize.ts'
import { noChallenge } from './check-pkce.ts'

const gone = { _tag: 'Gone' } as const

/** The kept request as it would be asked anew. */
const queryOf = (dialect: Dialect, pending: PendingRequest): URLSearchParams => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: pending.clientId,
    redirect_uri: pending.redirectUri,
    scope: dialect.scopes.format(scopesIn(dialect, pending.requested)),
  })
  if (pending.state !== '') query.set('state', pending.state)
  if (pending.challenge !== noChallenge.challenge) {
    query.set('code_challenge', pending.challenge)
    query.set('code_challenge_method', pending.challengeMethod)
  }
  return query
}

export const consentView =
  (services: Services, authorizePaths: Readonly<Record<string, string>>): Provider['consent'] =>
  async (request, cookieHeader) => {
    const { issuer, storage, clock, cookie } = services
    const sessionId = cookie.read(cookieHeader)
    if (sessionId === null) return gone
    const [requestHash, sessionHash, now] = [digest(request), digest(sessionId), clock.now()]
    const session = await storage.sessions.find(sessionHash, now)
    const pending = session && (await storage.consents.find(requestHash, sessionHash, now))
    if (!session || !pending || pending.answer) return gone
    const app = await storage.apps.find(pending.clientId)
    if (!app) return gone
    const [owner, grant] = await Promise.all([
      storage.people.byId(app.ownerId),
      storage.grants.find(session.person.id, app.clientId),
    ])
    const dialect = dialects[app.dialect]
    const offered = pending.offered & grantable(dialect, app, pending.requested)
    const granted = scopesIn(dialect, offered)
    const before = scopesIn(dialect, grant?.scopes ?? 0)
    return {
      _tag: 'Pending',
      view: {
        request,
        app: {
          clientId: app.clientId,
          name: app.name,
          description: app.description,
          verified: app.verified,
          ownerUsername: owner?.person.username ?? '',
          dialect: app.dialect,
        },
        redirectUri: pending.device === null ? pending.redirectUri : issuer + extra.device,
        granted,
        unavailable: scopesIn(dialect, pending.requested & ~offered),
        added: granted.filter((scope) => !before.includes(scope)),
        offersBuzzLimit: Consent.offersBuzzLimit(dialect, granted),
        action: authorizePaths[app.dialect] as string,
        again: pending.device === null ? `${authorizePaths[app.dialect] as string}?${queryOf(dialect, pending)}` : null,
      },
    }
  }
