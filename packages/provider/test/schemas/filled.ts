/** A storage as real use leaves it, and what its people and apps hold in their hands: to be good in every later version. */
import type { StorageSource } from '../../src/index.ts'
import { issuer, type Tokens, worldOf } from '../support/world.ts'

/** Unix milliseconds throughout; every secret here is of a sample. */
export interface Held {
  readonly at: number
  readonly clientId: string
  readonly secret: string
  /** Prepared, and not yet rotated to. */
  readonly nextSecret: string
  /** The one person's session, as a `Cookie` header. */
  readonly cookie: string
  /** Spent at that moment: `answer` is what it was answered. */
  readonly spent: string
  readonly answer: Tokens
  readonly apiKey: string
  /** Bob's claims at an app of Quaily's: a pairwise subject and the id that is global. */
  readonly quaily: { readonly access: string; readonly claims: unknown }
  /** Kinds of the app's events, newest first. */
  readonly events: readonly string[]
}

export const filled = async (source: StorageSource): Promise<Held> => {
  const world = await worldOf({ storage: source })
  const client = await world.register()
  const browser = await world.browserOf(world.bob)
  const prepared = await world.provider.apps.prepareSecret(world.ada, client.id)
  if (prepared._tag !== 'SecretIssued') throw new Error(prepared._tag)
  const { refresh_token: spent } = await world.tokensFor(client, browser)
  const answer = (await (await world.refresh(client, spent)).json()) as Tokens
  const key = await world.provider.apiKeys.create(world.bob, 'laptop')
  if (key._tag !== 'Created') throw new Error(key._tag)

  const redirectUris = `${issuer}/quaily/oauth/code`
  const quail = await world.register({
    name: 'Quail',
    redirectUris,
    scopes: ['user.full'],
    type: 'public',
    dialect: 'quaily',
  })
  const verifier = 'v'.repeat(50)
  const query = new URLSearchParams({
    client_id: quail.id,
    redirect_uri: redirectUris,
    scope: 'user.full',
    state: 's',
    code_challenge: verifier,
    code_challenge_method: 'plain',
    json: 'true',
  })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const approved = await world.get(`/quaily/api/oauth/authorize?${query}`, bearer(key.key))
  const { code } = ((await approved.json()) as { readonly data: { readonly code: string } }).data
  const form = { client_id: quail.id, code, code_verifier: verifier, grant_type: 'authorization_code' }
  const exchanged = await world.post('/quaily/api/oauth/token', { ...form, redirect_uri: redirectUris })
  const { access_token: access } = (await exchanged.json()) as Tokens
  const claims: unknown = await (await world.get('/quaily/api/oauth/userinfo', bearer(access))).json()

  const events = await world.provider.audit.ofApp(world.ada, client.id, { limit: 50 })
  const held: Held = {
    at: world.clock.now(),
    clientId: client.id,
    secret: client.secret as string,
    nextSecret: prepared.secret,
    cookie: browser.cookie,
    spent,
    answer,
    apiKey: key.key,
    quaily: { access, claims },
    events: events.map(({ kind }) => kind),
  }
  await world.provider.close()
  return held
}
