/**
 * What the doctor asks the authorization server. Nothing it asks signs anybody in or spends anything: the tokens it
 * presents were never issued.
 */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import type { Registered } from './environment.ts'
import { type Finding, bad, good, unknown } from './finding.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** Ten seconds a question. */
const limited = (init: RequestInit = {}): RequestInit => ({ ...init, signal: AbortSignal.timeout(10_000) })

const errorOf = async (response: Response): Promise<string> => {
  const body = (await response.json().catch(() => ({}))) as { readonly error?: unknown }
  return typeof body.error === 'string' ? body.error : ''
}

/** Is the server there, and is it who it is taken for? */
export const askServer = async (fetch: Fetch, { issuer }: Registered): Promise<Finding> => {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, limited()).catch(() => undefined)
  if (response === undefined)
    return bad(`${issuer} does not answer: start it ("civitai-oauth dev"), or mend CIVITAI_ISSUER.`)
  const document = (await response.json().catch(() => ({}))) as { readonly issuer?: unknown }
  if (!response.ok) return unknown(`${issuer} answers, and publishes no discovery document.`)
  if (document.issuer === issuer) return good(`${issuer} answers.`)
  return bad(`${issuer} calls itself ${String(document.issuer)}: set CIVITAI_ISSUER to exactly that.`)
}

/** Does the server know this client id and secret? Asked with a refresh token that was never issued. */
export const askCredentials = async (fetch: Fetch, registered: Registered): Promise<Finding> => {
  const { issuer, clientId, clientSecret } = registered
  const form = { grant_type: 'refresh_token', refresh_token: 'civitai_never_issued', client_id: clientId }
  const body = new URLSearchParams(clientSecret === undefined ? form : { ...form, client_secret: clientSecret })
  const response = await fetch(`${issuer}${civitai.endpoints.token}`, limited({ method: 'POST', body })).catch(
    () => undefined,
  )
  if (response === undefined) return unknown('The client id and secret could not be checked: no answer.')
  if (response.status === 429) return unknown('The client id and secret could not be checked: ask again in a minute.')
  const error = await errorOf(response)
  if (error === 'invalid_grant') return good('The client id and secret are the ones the server has.')
  if (error === 'invalid_client')
    return bad(
      clientSecret === undefined
        ? 'The server does not know this client id, or wants its secret: set CIVITAI_CLIENT_ID and CIVITAI_CLIENT_SECRET.'
        : 'The server refuses this client id and secret: compare the id with your OAuth Apps card, or rotate the secret.',
    )
  return unknown(`The client id and secret could not be checked: the server answered ${response.status} ${error}.`)
}

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const authorize = (
  fetch: Fetch,
  { issuer, clientId }: Registered,
  redirectUri: string,
): Promise<number | undefined> => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: '1',
    state: 'doctor',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const init = limited({ redirect: 'manual', headers: { accept: 'application/json' } })
  return fetch(`${issuer}${civitai.endpoints.authorize}?${query}`, init).then(
    ({ status }) => status,
    () => undefined,
  )
}

const passes = (status: number | undefined): boolean => status === 302 || status === 303

/** Is the redirect URI registered? A server that sends strangers to sign in before it looks cannot tell. */
export const askRedirectUri = async (fetch: Fetch, registered: Registered): Promise<Finding> => {
  const { redirectUri } = registered
  if (redirectUri === undefined)
    return unknown('Set CIVITAI_ORIGIN to your own address, and the redirect URI is checked as well.')
  const register = `register exactly ${redirectUri} under OAuth Apps`
  const right = await authorize(fetch, registered, redirectUri)
  if (!passes(right)) return bad(`The server refuses the redirect URI: ${register}.`)
  const wrong = await authorize(fetch, registered, `${redirectUri}/never-registered`)
  return passes(wrong)
    ? unknown(`This server does not say whether the redirect URI is registered: ${register}.`)
    : good(`The redirect URI ${redirectUri} is registered.`)
}
