/** The ways a person leaves the authorize endpoint: back to the app, or to a page of the portal. */
import type { Dialect } from '@civitai-oauth/core/dialect'
import { redirect } from '../http/answer.ts'
import type { Outgoing } from '../http/exchange.ts'
import type { Services } from '../services.ts'
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

/** To the portal's sign-in page, which leads back to this very request. */
export const toSignIn = (target: string): Outgoing => redirect(`/login?${new URLSearchParams({ returnUrl: target })}`)

/** The same request, without the wish to sign in anew: it has been granted by then. */
export const toFreshSignIn = (path: string, query: string): Outgoing => {
  const rest = new URLSearchParams(query)
  const others = (rest.get('prompt') ?? '').split(' ').filter((word) => word !== 'login' && word !== 'select_account')
  rest.set('prompt', others.join(' '))
  if (others.join('') === '') rest.delete('prompt')
  return redirect(`/login?${new URLSearchParams({ returnUrl: `${path}?${rest}`, prompt: 'login' })}`)
}

export const toConsent = (request: string): Outgoing => redirect(`/oauth/consent?${new URLSearchParams({ request })}`)
