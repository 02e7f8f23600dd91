import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Browser,
  type Client,
  callback,
  issuer,
  revokePath,
  type Tokens,
  tokenPath,
  verifier,
  type World,
  worldOf,
} from '../support/world.ts'

describe('how an app proves who it is', () => {
  let world: World
  let client: Client
  let open: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    open = await world.register({ name: 'Open', type: 'public' })
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const basic = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

  const exchangeWith = async (of: Client, fields: Readonly<Record<string, string>>, headers = {}, query = '') =>
    world.post(
      tokenPath + query,
      {
        grant_type: 'authorization_code',
        code: await world.codeFor(of, browser),
        code_verifier: verifier,
        redirect_uri: callback,
        ...fields,
      },
      headers,
    )

  it('A1 a secret in the address is refused, though it is right', async () => {
    const query = `?client_secret=${client.secret}`
    const response = await exchangeWith(client, world.credentials(client), {}, query)
    expect(response.status).toBe(400)
    expect(await world.outcome(response)).toBe('invalid_request')
  })

  it.each(['client%5Fsecret=x', 'x=1&%63lient_secret=x', 'Client_Secret=x', 'refresh%5ftoken=x'])(
    'A1 also when its name is spelled %s',
    async (query) => {
      const response = await exchangeWith(client, world.credentials(client), {}, `?${query}`)
      expect(response.status).toBe(400)
      expect(await world.outcome(response)).toBe('invalid_request')
    },
  )

  it('A2 Basic and body together are 400', async () => {
    const authorization = basic(client.id, client.secret as string)
    const response = await exchangeWith(client, world.credentials(client), { authorization })
    expect(response.status).toBe(400)
    expect(await world.outcome(response)).toBe('invalid_request')
  })

  it('A2 Basic with another client_id in the body is 400', async () => {
    const authorization = basic(client.id, client.secret as string)
    expect((await exchangeWith(client, { client_id: open.id }, { authorization })).status).toBe(400)
  })

  it('A3 Basic works, percent-encoded as the RFC asks', async () => {
    const registered = await world.provider.admin.registerApp(
      world.ada,
      { name: 'Odd', description: '', redirectUris: callback, scopes: [], type: 'confidential', dialect: 'civitai' },
      { secret: 'a:b c+d%20é&' },
    )
    if (registered._tag !== 'Registered') throw new Error('not registered')
    const odd: Client = { id: registered.app.clientId, secret: registered.secret, app: registered.app }
    const authorization = basic(odd.id, odd.secret as string)
    expect(await world.outcome(await exchangeWith(odd, {}, { authorization }))).toBe('ok')
    expect(await world.outcome(await exchangeWith(odd, { client_id: odd.id }, { authorization }))).toBe('ok')
  })

  it.each(['Basic', 'Basic !!!', `Basic ${btoa('no colon')}`, `Basic ${btoa('%zz:%')}`, 'Bearer x', 'Digest a=b'])(
    'A3 %j is refused with 401',
    async (authorization) => {
      const response = await exchangeWith(client, {}, { authorization })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
      expect(await world.outcome(response)).toBe('invalid_client')
    },
  )

  it('A4 an empty secret is none, in Basic as in the body: a public app goes on, a confidential one does not', async () => {
    expect(await world.outcome(await exchangeWith(open, {}, { authorization: basic(open.id, '') }))).toBe('ok')
    expect(await world.outcome(await exchangeWith(open, { client_id: open.id, client_secret: '' }))).toBe('ok')
    const refused = await exchangeWith(client, {}, { authorization: basic(client.id, '') })
    expect(refused.status).toBe(401)
    const { access_token: token } = await world.tokensFor(open, browser)
    const revoked = await world.post(revokePath, { token }, { authorization: basic(open.id, '') })
    expect(revoked.status).toBe(401)
    expect((await world.userinfo(token)).status).toBe(200)
  })

  it('A4 a public app that sends a secret is refused', async () => {
    for (const client_secret of ['x', client.secret as string]) {
      const response = await exchangeWith(open, { client_id: open.id, client_secret })
      expect(response.status).toBe(401)
      expect(await world.outcome(response)).toBe('invalid_client')
    }
    expect(await world.outcome(await exchangeWith(open, { client_id: open.id }))).toBe('ok')
  })

  it('A5 a confidential app without a secret, or with a wrong one, is refused', async () => {
    const wrong = [{}, { client_secret: 'wrong' }, { client_secret: `${client.secret}x` }]
    for (const fields of wrong) {
      const response = await exchangeWith(client, { client_id: client.id, ...fields })
      expect(response.status).toBe(401)
      expect(await world.outcome(response)).toBe('invalid_client')
    }
  })

  it('A5 revoking takes credentials: none, wrong, or a public app without a session are 401', async () => {
    const { access_token: token } = await world.tokensFor(client, browser)
    const callers = [
      {},
      { client_id: client.id },
      { client_id: client.id, client_secret: 'wrong' },
      { client_id: open.id },
    ]
    for (const caller of callers) {
      const response = await world.post(revokePath, { token, ...caller })
      expect(response.status).toBe(401)
      expect(await world.outcome(response)).toBe('invalid_client')
    }
    expect((await world.userinfo(token)).status).toBe(200)
  })

  it('A7 client_credentials is for confidential apps, acts as their owner, and gives nothing to refresh', async () => {
    const grant_type = 'client_credentials'
    const response = await world.post(tokenPath, { grant_type, ...world.credentials(client) })
    const tokens = (await response.json()) as Tokens
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: '114689' })
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(await (await world.userinfo(tokens.access_token)).json()).toMatchObject({ username: 'ada' })
    const narrow = await world.post(tokenPath, { grant_type, scope: '65536', ...world.credentials(client) })
    expect(await narrow.json()).toMatchObject({ scope: '65537' })
    const wide = await world.post(tokenPath, { grant_type, scope: '33554431', ...world.credentials(client) })
    expect(await world.outcome(wide)).toBe('invalid_scope')
    const refused = await world.post(tokenPath, { grant_type, client_id: open.id })
    expect(await world.outcome(refused)).toBe('unauthorized_client')
  })

  it('A8 the next secret works beside the current one; after rotation the old one fails at once and tokens live on', async () => {
    const tokens = await world.tokensFor(client, browser)
    const prepared = await world.provider.apps.prepareSecret(world.ada, client.id)
    if (prepared._tag !== 'SecretIssued') throw new Error('not prepared')
    const next: Client = { ...client, secret: prepared.secret }
    for (const one of [client, next])
      expect(await world.outcome(await exchangeWith(one, world.credentials(one)))).toBe('ok')
    const rotated = await world.provider.apps.rotateSecret(world.ada, client.id)
    expect(rotated).toMatchObject({ _tag: 'Rotated', secret: null })
    expect(await world.outcome(await exchangeWith(client, world.credentials(client)))).toBe('invalid_client')
    expect(await world.outcome(await exchangeWith(next, world.credentials(next)))).toBe('ok')
    expect((await world.userinfo(tokens.access_token)).status).toBe(200)
    expect(await world.outcome(await world.refresh(next, tokens.refresh_token))).toBe('ok')
  })

  it('A8 after rotation the old secret is given no answer again, and ends no sign-in', async () => {
    const spent = (await world.tokensFor(client, browser)).refresh_token
    const answer = (await (await world.refresh(client, spent)).json()) as Tokens
    const code = await world.codeFor(client, browser)
    const rotated = await world.provider.apps.rotateSecret(world.ada, client.id)
    if (rotated._tag !== 'Rotated' || rotated.secret === null) throw new Error('not rotated')
    const next: Client = { ...client, secret: rotated.secret }

    expect(await world.outcome(await world.refresh(client, spent))).toBe('invalid_client')
    expect(await (await world.refresh(next, spent)).json()).toEqual(answer)
    world.clock.advance(60)
    expect(await world.outcome(await world.refresh(client, spent))).toBe('invalid_client')
    expect((await world.userinfo(answer.access_token)).status).toBe(200)
    const wrong = { code, code_verifier: 'x'.repeat(43) }
    expect(await world.outcome(await exchangeWith(client, { ...world.credentials(client), ...wrong }))).toBe(
      'invalid_client',
    )
    expect(await world.outcome(await exchangeWith(next, { ...world.credentials(next), code }))).toBe('ok')
  })

  it('A8 rotating without preparing shows a new secret, and the old one fails at once', async () => {
    const rotated = await world.provider.apps.rotateSecret(world.ada, client.id)
    if (rotated._tag !== 'Rotated' || rotated.secret === null) throw new Error('not rotated')
    expect(await world.outcome(await exchangeWith(client, world.credentials(client)))).toBe('invalid_client')
    const next: Client = { ...client, secret: rotated.secret }
    expect(await world.outcome(await exchangeWith(next, world.credentials(next)))).toBe('ok')
  })

  it('A8 U9 of two who rotate at once only one is shown a secret, and it works', async () => {
    world.clock.advance(1)
    const seen = { current: client.app.currentSecret?.createdAt ?? null, next: null }
    const rotate = () => world.provider.apps.rotateSecret(world.ada, client.id, seen)
    const results = await Promise.all([rotate(), rotate()])
    expect(results.map(({ _tag }) => _tag).toSorted()).toEqual(['Conflict', 'Rotated'])
    const rotated = results.find(({ _tag }) => _tag === 'Rotated')
    if (rotated?._tag !== 'Rotated' || rotated.secret === null) throw new Error('not rotated')
    const next: Client = { ...client, secret: rotated.secret }
    expect(await world.outcome(await exchangeWith(next, world.credentials(next)))).toBe('ok')
  })

  it('A8 U9 a change upon secrets that somebody else has changed meanwhile changes nothing', async () => {
    world.clock.advance(1)
    const { currentSecret, nextSecret } = client.app
    const seen = { current: currentSecret?.createdAt ?? null, next: nextSecret?.createdAt ?? null }
    expect(await world.provider.apps.prepareSecret(world.ada, client.id, seen)).toMatchObject({ _tag: 'SecretIssued' })
    const standing = await world.provider.apps.get(world.ada, client.id)
    for (const change of ['prepareSecret', 'rotateSecret'] as const) {
      const { _tag } = await world.provider.apps[change](world.ada, client.id, seen)
      expect(_tag).toBe('Conflict')
    }
    expect(await world.provider.apps.get(world.ada, client.id)).toEqual(standing)
  })

  it('says when each secret was last used', async () => {
    const prepared = await world.provider.apps.prepareSecret(world.ada, client.id)
    if (prepared._tag !== 'SecretIssued') throw new Error('not prepared')
    world.clock.advance(100)
    const next: Client = { ...client, secret: prepared.secret }
    await exchangeWith(next, world.credentials(next))
    const app = await world.provider.apps.get(world.ada, client.id)
    expect(app?.currentSecret?.lastUsedAt).toBeNull()
    expect(app?.nextSecret?.lastUsedAt).toBe(world.clock.now())
  })

  it('T5 a parameter that is sent twice is refused', async () => {
    const fields = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      ...world.credentials(client),
    })
    const response = await world.post(tokenPath, `${fields}&grant_type=refresh_token`)
    expect(response.status).toBe(400)
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencodedx'])(
    'a body of type %s is refused',
    async (type) => {
      const response = await world.post(tokenPath, 'grant_type=refresh_token', { 'content-type': type })
      expect(response.status).toBe(400)
    },
  )

  it.each(['constructor', 'toString', '__proto__'])(
    'H4 a method with the name of a part of every object, %s, is refused like any other',
    async (method) => {
      const response = await world.provider.fetch(new Request(issuer + tokenPath, { method }))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    },
  )

  it('GET is refused with 405 and the method that is right', async () => {
    const response = await world.get(tokenPath)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })
})
