/** The ways a person leaves the authorize endpoint: back to the app, or to a page of the portal. */
import type { Dialect } from '@civitai-oauth/core/dialect'
import { redirect } from '../http/answer.ts'
import { type Outgoing, splitTarget } from '../http/exchange.ts'
import type { Services } from '../services.ts'
import { askedAt } from './check-prompt.ts'
import type { ProvedAddress } from './check-redirect-uri.ts'

export type Message =
  | { readonly code: string }
  | { readonly error: 'access_denied' | 'login_required' | 'consent_required' }

/** To the app. The registered address is kept as it is written; the answer is added to its query. */
export const toApp = (
  { issuer, profiles }: Services,
  dialect: Dialect,
  address: ProvedAddress,
  state: string,
  message: Message,
): Outgoing => {
  const query = new URLSearchParams(message)
  if (state !== '') query.set('state', state)
  // RFC 9207: an app that talks to several servers knows which of them answered.
  if (dialect.sendsIssuer && !profiles.has('no-issuer')) query.set('iss', issuer)
  const answer = redirect(`${address}${address.includes('?') ? '&' : '?'}${query}`)
  return profiles.has('redirect-303') ? { ...answer, status: 303 } : answer
}

/** The same request again, as GET. */
export const toSelf = (target: string): Outgoing => ({ ...redirect(target), status: 303 })

/** To the portal's sign-in page, which leads back to this very request. */
export const toSignIn = (target: string): Outgoing => redirect(`/login?${new URLSearchParams({ returnUrl: target })}`)

/** The same, and the request says when it was asked, by which the session that follows is known to be fresh. */
export const toFreshSignIn = (target: string, now: number): Outgoing => {
  const { path, query } = splitTarget(target)
  const again = new URLSearchParams(query)
  again.set(askedAt, String(now))
  return redirect(`/login?${new URLSearchParams({ returnUrl: `${path}?${again}`, prompt: 'login' })}`)
}

export const toConsent = (request: string): Outgoing => redirect(`/oauth/consent?${new URLSearchParams({ request })}`)
