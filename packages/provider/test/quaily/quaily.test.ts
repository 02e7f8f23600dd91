import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import { digest } from '../../src/token.ts'
import { type Browser, type Client, issuer, type World, worldOf } from '../support/world.ts'

const redirectUri = `${issuer}/quaily/oauth/code`
const api = '/quaily/api'
const all = 'user.full post.write credit.read apikey.read'

interface QuailyTokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly expiry: string
}

describe('the Quaily dialect', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await registerQuaily()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const registerQuaily = (changes = {}) =>
    world.register({
      name: 'Quail CLI',
      redirectUris: redirectUri,
      scopes: all.split(' '),
      type: 'public',
      dialect: 'quaily',
      ...changes,
    })

  // As the terminal client asks: plain, the challenge equal to the verifier.
  const verifier = 'a-verifier-of-forty-three-characters-or-more'
  const query = (changes: Readonly<Record<string, string>> = {}, of = client) =>
    new URLSearchParams({
      client_id: of.id,
      code_challenge: verifier,
      code_challenge_method: 'plain',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: all,
      state: '6e2f1c9a-0d1b-4c55-9a55-2d1d3e4f5a6b',
      ...changes,
    })

  const codeFor = async (changes: Readonly<Record<string, string>> = {}, of = client): Promise<string> => {
    const asked = await world.get(`/quaily/oauth/authorize?${query(changes, of)}`, { cookie: browser.cookie })
    const request = world.requestIn(asked)
    const answer = await world.post(
      '/quaily/oauth/authorize',
      { request, approved: 'true', remember: 'false' },
      { origin: issuer, cookie: browser.cookie },
    )
    return world.codeIn(answer)
  }

  const exchange = (code: string, changes: Readonly<Record<string, string>> = {}, of = client) =>
    world.post(`${api}/oauth/token`, {
      client_id: of.id,
      code,
      code_verifier: verifier,
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      ...changes,
    })

  const tokensFor = async (scope = all, of = client) =>
    (await (await exchange(await codeFor({ scope }, of), {}, of)).json()) as QuailyTokens

  const call = (method: string, path: string, credential: string, body?: unknown) =>
    world.provider.fetch(
      new Request(`${issuer}${api}${path}`, {
        method,
        headers: {
          ...(credential === '' ? {} : { authorization: `Bearer ${credential}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )

  const apiKey = async () => {
    const created = await world.provider.apiKeys.create(world.bob, 'laptop')
    if (created._tag !== 'Created') throw new Error('not created')
    return created.key
  }

  describe('signing in, as its terminal client does', () => {
    it('the page leads to consent and back to the code page, which shows code and state', async () => {
      const asked = await world.get(`/quaily/oauth/authorize?${query()}`, { cookie: browser.cookie })
      const request = world.requestIn(asked)
      expect(await world.provider.consent(request, browser.cookie)).toMatchObject({
        view: { action: '/quaily/oauth/authorize', app: { dialect: 'quaily' }, offersBuzzLimit: false },
      })
      const answer = await world.post(
        '/quaily/oauth/authorize',
        { request, approved: 'true' },
        { origin: issuer, cookie: browser.cookie },
      )
      const back = new URL(answer.headers.get('location') as string)
      expect(back.searchParams.has('iss')).toBe(false)
      const page = await world.get(back.pathname + back.search)
      const text = await page.text()
      expect(text).toContain(back.searchParams.get('code'))
      expect(text).toContain('6e2f1c9a')
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    })

    it('U6 the code page shows what has the form of a code, and beside it what may be a state; nobody else’s words', async () => {
      const code = `code_${'a'.repeat(43)}`
      const shows = async (fields: Readonly<Record<string, string>>) => {
        const page = await world.get(`/quaily/oauth/code?${new URLSearchParams(fields)}`)
        return [page.status, await page.text()] as const
      }
      for (const words of ['Call-0800-us', `${code}x`, 'code_short', `${'a'.repeat(43)}`]) {
        const [status, text] = await shows({ code: words, state: 'a-state' })
        expect([status, text.includes(words), text.includes('a-state')]).toEqual([400, false, false])
      }
      for (const state of ['Your account is locked: call 0800', 'x'.repeat(129), 'a\u202eb', 'tab\there']) {
        const [status, text] = await shows({ code, state })
        expect([status, text.includes(code), text.includes(state)]).toEqual([200, true, false])
      }
      expect((await shows({ code, state: 'x'.repeat(128) }))[1]).toContain('x'.repeat(128))
      const [status, text] = await shows({ error: 'Call 0800', state: 'a-state' })
      expect([status, text.includes('0800'), text.includes('a-state')]).toEqual([200, false, false])
    })

    it('the token answer is raw, without scope, with an expiry equal to now and expires_in', async () => {
      const response = await exchange(await codeFor())
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        refresh_token: expect.any(String),
        expires_in: 2_592_000,
        expiry: new Date(world.clock.now() + 2_592_000_000).toISOString().replace('.000Z', 'Z'),
      })
    })

    it('an absent method means S256, and state and response_type may be absent', async () => {
      const short = query()
      for (const name of ['code_challenge_method', 'state', 'response_type']) short.delete(name)
      const plain = await world.get(`/quaily/oauth/authorize?${short}`, { cookie: browser.cookie })
      expect(plain.status).toBe(400)
      const { challenge } = await import('../support/world.ts')
      short.set('code_challenge', challenge)
      const hashed = await world.get(`/quaily/oauth/authorize?${short}`, { cookie: browser.cookie })
      expect(world.requestIn(hashed)).toBeTruthy()
    })

    it('a refresh leaves the access token before it alive, and a replay is the same to the letter', async () => {
      const first = await tokensFor()
      const refresh = () =>
        world.post(`${api}/oauth/token`, {
          grant_type: 'refresh_token',
          client_id: client.id,
          refresh_token: first.refresh_token,
        })
      const answer = await (await refresh()).text()
      world.clock.advance(20)
      expect(await (await refresh()).text()).toBe(answer)
      world.clock.advance(86_400)
      expect((await call('GET', '/users/me', first.access_token)).status).toBe(200)
    })

    it('a secret that is sent is checked, and none is needed', async () => {
      const confidential = await registerQuaily({ type: 'confidential' })
      const wrong = await exchange(await codeFor({}, confidential), { client_secret: 'wrong' }, confidential)
      expect(wrong.status).toBe(401)
      expect(await wrong.json()).toMatchObject({ error: 'invalid_client', code: '10007' })
      const without = await exchange(await codeFor({}, confidential), {}, confidential)
      expect(without.status).toBe(200)
    })

    it('a wrong code is 10002 and invalid_grant at once', async () => {
      const response = await exchange('nonsense')
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        error: 'invalid_grant',
        error_description: expect.any(String),
        code: '10002',
        msg: expect.any(String),
      })
    })

    it('credit.full is for trusted apps only, at registration and when asked for', async () => {
      const draft = {
        name: 'Q',
        description: '',
        redirectUris: redirectUri,
        type: 'public',
        dialect: 'quaily',
      } as const
      const refused = await world.provider.apps.register(world.ada, { ...draft, scopes: ['credit.full'] })
      expect(refused._tag).toBe('Invalid')
      const asked = await world.get(`/quaily/oauth/authorize?${query({ scope: 'credit.full' })}`, browserHeaders())
      expect(asked.status).toBe(400)
      const trusted = await world.provider.admin.registerApp(
        world.ada,
        { ...draft, scopes: ['credit.full'] },
        { trusted: true },
      )
      if (trusted._tag !== 'Registered') throw new Error('not registered')
      const of: Client = { id: trusted.app.clientId, secret: null, app: trusted.app }
      const { access_token } = await tokensFor('credit.full', of)
      expect(await (await call('GET', '/auxilia/credits/balance', access_token)).json()).toMatchObject({
        data: { balance: 1000 },
      })
      const consumed = await call('POST', '/auxilia/credits/consume', access_token, { amount: 400, reason: 'a poem' })
      expect(await consumed.json()).toMatchObject({ data: { balance: 600 } })
      const broke = await call('POST', '/auxilia/credits/consume', access_token, { amount: 601 })
      expect(broke.status).toBe(400)
      const ledger = await call('GET', '/auxilia/credits/ledger', access_token)
      expect(await ledger.json()).toMatchObject({
        data: [{ amount: -400, app_id: of.id, reason: 'a poem' }, { amount: 1000 }],
      })
    })

    it('H4 takes a whole number above 0, as a number or as a form writes it, and nothing that merely reads as one', async () => {
      const key = await apiKey()
      const consume = async (amount: unknown) =>
        (await call('POST', '/auxilia/credits/consume', key, { amount })).status
      const wrong = [true, [5], ['5'], '0x10', '1e2', ' 5', '5.0', '05', '', 0, '0', -1, '-1', 1.5, null, {}, 1e21]
      for (const amount of [...wrong, '9007199254740993'])
        expect([amount, await consume(amount)]).toEqual([amount, 400])
      for (const amount of [5, '16']) expect(await consume(amount)).toBe(200)
      const balance = await call('GET', '/auxilia/credits/balance', key)
      expect(await balance.json()).toMatchObject({ data: { balance: 979 } })
    })

    it('F10 an app whose trust staff take back has credit.full no more: not its tokens, not its refreshes', async () => {
      const trusted = await world.provider.admin.registerApp(
        world.ada,
        { ...client.app, redirectUris: redirectUri, scopes: ['credit.full', 'user.public'] },
        { trusted: true },
      )
      if (trusted._tag !== 'Registered') throw new Error('not registered')
      const of: Client = { id: trusted.app.clientId, secret: null, app: trusted.app }
      const { access_token, refresh_token } = await tokensFor('credit.full user.public', of)
      const consume = (token: string) => call('POST', '/auxilia/credits/consume', token, { amount: 1 })
      expect((await consume(access_token)).status).toBe(200)
      await world.provider.admin.markApp(of.id, { trusted: false })
      expect((await consume(access_token)).status).toBe(403)
      const fields = { grant_type: 'refresh_token', refresh_token, client_id: of.id }
      const next = (await (await world.post(`${api}/oauth/token`, fields)).json()) as QuailyTokens
      expect((await consume(next.access_token)).status).toBe(403)
      expect((await call('GET', '/users/me', next.access_token)).status).toBe(200)
    })

    it('a civitai app is unknown here, and the other way round', async () => {
      const civitai = await world.register()
      expect((await world.get(`/quaily/oauth/authorize?${query({}, civitai)}`, browserHeaders())).status).toBe(400)
      expect((await world.authorize(client, browser)).status).toBe(400)
      const { access_token } = await tokensFor()
      expect((await world.userinfo(access_token)).status).toBe(401)
      const other = await world.tokensFor(civitai, browser)
      expect((await call('GET', '/users/me', other.access_token)).status).toBe(401)
    })
  })

  const browserHeaders = () => ({ cookie: browser.cookie })

  describe('the API', () => {
    it('answers in an envelope, with 200', async () => {
      const { access_token } = await tokensFor()
      const response = await call('GET', '/users/me', access_token)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({
        data: {
          id: world.bob.id,
          uuid: world.bob.uuid,
          name: 'bob',
          slug: 'bob',
          avatar_image_url: '',
          email: 'bob@example.com',
        },
        ts: Math.floor(world.clock.now() / 1000),
      })
    })

    it('says why not: nobody, an unknown token, an expired one', async () => {
      const codeOf = async (credential: string) => {
        const response = await call('GET', '/users/me', credential)
        return [response.status, ((await response.json()) as { readonly code: string }).code]
      }
      const { access_token } = await tokensFor()
      expect(await codeOf('')).toEqual([401, '10001'])
      expect(await codeOf('nonsense')).toEqual([401, '10007'])
      expect(await codeOf('QK-nonsense')).toEqual([401, '10007'])
      world.clock.advance(2_592_000)
      expect(await codeOf(access_token)).toEqual([401, '10010'])
    })

    it('T3 sub differs for each app and stays the same for one; uuid is global; email takes user.full', async () => {
      const other = await registerQuaily({ name: 'Other' })
      const infoOf = async (of: Client, scope: string) => {
        const { access_token } = await tokensFor(scope, of)
        return (await (await call('GET', '/oauth/userinfo', access_token)).json()) as Record<string, unknown>
      }
      const [one, again, two] = [
        await infoOf(client, 'user.full'),
        await infoOf(client, 'user.public'),
        await infoOf(other, all),
      ]
      expect(one['sub']).toBe(again['sub'])
      expect(one['sub']).not.toBe(two['sub'])
      expect(one['uuid']).toBe(two['uuid'])
      expect(one).toMatchObject({ name: 'bob', email: 'bob@example.com', email_verified: true })
      expect(again).not.toHaveProperty('email')
    })

    it('userinfo takes no API key', async () => {
      expect((await call('GET', '/oauth/userinfo', await apiKey())).status).toBe(401)
    })

    it('the app object is public and never shows the secret', async () => {
      const confidential = await registerQuaily({ type: 'confidential' })
      const response = await call('GET', `/apps/${confidential.id}`, '')
      const text = await response.text()
      expect(JSON.parse(text)).toMatchObject({
        data: {
          app_id: confidential.id,
          name: 'quail-cli',
          display_name: 'Quail CLI',
          redirect_uri: redirectUri,
          trusted: false,
        },
      })
      expect(text).not.toMatch(/secret/)
      const unknown = await call('GET', '/apps/nothing', '')
      expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: '90004' }])
    })

    it('lists and posts: the scope guards them, and they are the own ones', async () => {
      const { access_token } = await tokensFor('user.public post.write')
      const lists = (await (await call('GET', '/users/me/lists', access_token)).json()) as {
        readonly data: readonly { readonly id: number }[]
      }
      const path = `/lists/${lists.data[0]?.id}/posts`
      const posted = await call('POST', path, access_token, { title: 'Hello', content: 'World' })
      expect(posted.status).toBe(200)
      expect(await (await call('GET', path, access_token)).json()).toMatchObject({
        data: [{ title: 'Hello', content: 'World' }],
      })
      expect((await call('GET', `/lists/${world.ada.id}/posts`, access_token)).status).toBe(404)
      expect((await call('POST', path, access_token, { title: '' })).status).toBe(400)
      const reader = await tokensFor('user.public')
      expect((await call('GET', path, reader.access_token)).status).toBe(403)
    })

    it('H4 bodies that are no object, or hold what no text can, are 400', async () => {
      const { access_token } = await tokensFor('post.write')
      for (const body of ['[]', '1', 'null', '{', '{"title":"\\u0000"}', '']) {
        const response = await world.provider.fetch(
          new Request(`${issuer}${api}/lists/${world.bob.id}/posts`, {
            method: 'POST',
            headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
            body,
          }),
        )
        expect(response.status).toBe(400)
      }
    })
  })

  describe('API keys', () => {
    it('act as their person, in either header, until they are deleted', async () => {
      const key = await apiKey()
      expect(key).toMatch(/^QK-[\w-]{43}$/)
      expect((await call('GET', '/users/me', key)).status).toBe(200)
      expect((await world.get(`${api}/users/me`, { 'x-quail-key': key })).status).toBe(200)
      const listed = await world.provider.apiKeys.list(world.bob)
      expect(listed).toMatchObject([{ name: 'laptop', hint: key.slice(-4), lastUsedAt: world.clock.now() }])
      expect(JSON.stringify(listed)).not.toContain(key)
      const id = listed[0]?.id as number
      expect(await world.provider.apiKeys.delete(world.ada, id)).toEqual({ _tag: 'NotFound' })
      expect(await world.provider.apiKeys.delete(world.bob, id)).toEqual({ _tag: 'Deleted' })
      expect((await call('GET', '/users/me', key)).status).toBe(401)
    })

    it('are listed and verified by hash for apps with apikey.read', async () => {
      const key = await apiKey()
      const { access_token } = await tokensFor('apikey.read')
      expect(await (await call('GET', '/apikeys', access_token)).json()).toMatchObject({ data: [{ name: 'laptop' }] })
      const verify = async (text: string) =>
        (await call('POST', '/apikeys/verify', access_token, { hash: digest(text).toString('hex') })).json()
      expect(await verify(key)).toMatchObject({ data: { valid: true } })
      expect(await verify('QK-other')).toMatchObject({ data: { valid: false } })
    })

    it('O1 asking about a key, one’s own or another person’s, does not make it look used', async () => {
      const theirs = await world.provider.apiKeys.create(world.ada, 'desk')
      if (theirs._tag !== 'Created') throw new Error('not created')
      const own = await apiKey()
      const { access_token } = await tokensFor('apikey.read')
      for (const [key, valid] of [
        [theirs.key, false],
        [own, true],
      ] as const) {
        const hash = digest(key).toString('hex')
        const answer = await call('POST', '/apikeys/verify', access_token, { hash })
        expect(await answer.json()).toMatchObject({ data: { valid } })
      }
      for (const person of [world.ada, world.bob])
        expect(await world.provider.apiKeys.list(person)).toMatchObject([{ lastUsedAt: null }])
    })

    it('a nameless one is refused', async () => {
      expect(await world.provider.apiKeys.create(world.bob, ' ')).toMatchObject({ _tag: 'Invalid' })
    })
  })

  describe('the authorize call of the API', () => {
    it('with an API key approves any app, as JSON or as a redirect, without being remembered', async () => {
      const key = await apiKey()
      const asJson = await call('GET', `/oauth/authorize?${query({ json: 'true' })}`, key)
      expect(asJson.status).toBe(200)
      const { data } = (await asJson.json()) as { readonly data: Record<string, string> }
      expect(data).toMatchObject({
        client_id: client.id,
        redirect_uri: redirectUri,
        state: '6e2f1c9a-0d1b-4c55-9a55-2d1d3e4f5a6b',
      })
      expect(data['url']).toContain(encodeURIComponent(data['code'] as string))
      expect((await exchange(data['code'] as string)).status).toBe(200)
      expect((await call('GET', `/oauth/authorize?${query({ json: '1' })}`, key)).status).toBe(302)
      expect(await world.provider.grants.list(world.bob)).toMatchObject([{ clientId: client.id, remembered: false }])
    })

    it('U8 a cookie does not authenticate it', async () => {
      const path = `${api}/oauth/authorize?${query({ json: 'true' })}`
      const response = await world.get(path, { ...browserHeaders(), origin: issuer })
      expect(response.status).toBe(401)
      expect(await world.provider.grants.list(world.bob)).toEqual([])
    })

    it('U8 an OAuth token approves its own app only, and only scopes it holds', async () => {
      const other = await registerQuaily({ name: 'Other' })
      const { access_token } = await tokensFor('user.public post.write')
      const ask = (scope: string, of = client) =>
        call('GET', `/oauth/authorize?${query({ scope, json: 'true' }, of)}`, access_token)
      expect((await ask('user.public')).status).toBe(200)
      expect((await ask('user.full')).status).toBe(403)
      expect((await ask('user.public', other)).status).toBe(403)
    })

    it('R2 an unregistered address gets nothing', async () => {
      const response = await call(
        'GET',
        `/oauth/authorize?${query({ redirect_uri: 'https://evil.example/' })}`,
        await apiKey(),
      )
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
    })
  })

  describe('disconnecting an app', () => {
    it("ends the person's tokens for it and no others; never connected is still 200", async () => {
      const other = await registerQuaily({ name: 'Other' })
      const [mine, theirs] = [await tokensFor(), await tokensFor(all, other)]
      expect((await call('DELETE', `/oauth/apps/${other.id}`, mine.access_token)).status).toBe(403)
      const response = await call('DELETE', `/oauth/apps/${client.id}`, mine.access_token)
      expect(await response.json()).toMatchObject({ data: null })
      expect((await call('GET', '/users/me', mine.access_token)).status).toBe(401)
      expect((await call('GET', '/users/me', theirs.access_token)).status).toBe(200)
      const key = await apiKey()
      expect((await call('DELETE', `/oauth/apps/${other.id}`, key)).status).toBe(200)
      expect((await call('GET', '/users/me', theirs.access_token)).status).toBe(401)
      expect((await call('DELETE', `/oauth/apps/${other.id}`, key)).status).toBe(200)
    })

    it("A6 an API key leaves the other dialect's apps alone, and a path that is no app's name is still 200", async () => {
      const elsewhere = await world.register()
      const { access_token } = await world.tokensFor(elsewhere, browser)
      expect((await call('DELETE', `/oauth/apps/${elsewhere.id}`, await apiKey())).status).toBe(200)
      expect((await world.userinfo(access_token)).status).toBe(200)
      expect((await call('DELETE', '/oauth/apps/%00', await apiKey())).status).toBe(200)
    })
  })
})

describe('what Quaily answers where something is wrong here', () => {
  it.each(['/quaily/api/nothing', '/quaily/api/users', '/quaily/nothing'])(
    '%s is nowhere, said in its own shape',
    async (path) => {
      const world = await worldOf()
      for (const answer of [await world.get(path), await world.post(path, {})])
        expect([answer.status, await answer.json()]).toMatchObject([404, { code: '90004', msg: expect.any(String) }])
      await world.provider.close()
    },
  )

  it('a mistake of ours is a 500 in its own shape, and what it was stays here', async () => {
    const wrong = () => Promise.reject(new TypeError('canary'))
    const storage = {
      open: async () => {
        const opened = await sqlite({ memory: true }).open()
        return { ...opened, apps: { ...opened.apps, find: wrong } }
      },
    }
    const world = await worldOf({ storage })
    const answer = await world.get('/quaily/api/apps/some-app')
    const text = await answer.text()
    expect([answer.status, JSON.parse(text)]).toMatchObject([500, { code: '-1', msg: expect.any(String) }])
    const civitai = await world.post('/api/auth/oauth/token', {
      grant_type: 'client_credentials',
      client_id: 'some-app',
    })
    const other = await civitai.text()
    expect([civitai.status, JSON.parse(other)]).toMatchObject([500, { error: 'server_error' }])
    for (const said of [text, other, JSON.stringify(world.logged)]) expect(said).not.toContain('canary')
    await world.provider.close()
  })
})

describe('where Quaily is not asked for', () => {
  it('its paths are nothing', async () => {
    const { createProvider } = await import('../../src/index.ts')
    const provider = await createProvider({ issuer, storage: sqlite({ memory: true }), quaily: false })
    expect((await provider.fetch(new Request(`${issuer}/quaily/api/users/me`))).status).toBe(404)
    await provider.close()
  })
})
