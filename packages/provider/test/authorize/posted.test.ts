import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authorizePath, type Browser, type Client, issuer, type World, worldOf } from '../support/world.ts'

/** What a browser says of another site's form. */
const foreign = { origin: 'https://app.example.com' }

describe('when an app sends its request as a form', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const send = (changes: Readonly<Record<string, string | undefined>> = {}, headers: Record<string, string> = {}) =>
    world.post(authorizePath, world.authorizeQuery(client, changes).toString(), headers)

  it('leads a stranger to sign-in, and back to this very request', async () => {
    const location = new URL((await send()).headers.get('location') as string, issuer)
    expect(location.pathname).toBe('/login')
    const back = await world.get(location.searchParams.get('returnUrl') as string, { cookie: browser.cookie })
    expect(world.requestIn(back)).toBeTruthy()
  })

  it('asks for consent like GET, and the answer to that page gives the code', async () => {
    const request = world.requestIn(await send({}, { cookie: browser.cookie }))
    expect(await world.provider.grants.list(world.bob)).toEqual([])
    const tokens = await world.exchange(client, world.codeIn(await world.answer(browser, request)))
    expect(tokens.status).toBe(200)
  })

  it('gives a remembered person the code without a page', async () => {
    await world.codeFor(client, browser)
    expect(world.codeIn(await send({}, { cookie: browser.cookie }))).toBeTruthy()
  })

  it('takes parameters from the address too, but none from both', async () => {
    const { pathname, search } = new URL(`${authorizePath}?${world.authorizeQuery(client)}`, issuer)
    expect((await world.post(pathname + search, '')).headers.get('location')).toContain('/login?')
    expect((await world.post(pathname + search, 'state=another')).status).toBe(400)
  })

  it.each([
    ['an unknown app', { client_id: 'nobody' }, 'invalid_client'],
    ['an unregistered address', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['no state', { state: undefined }, 'invalid_request'],
    ['a scope that is no number', { scope: 'read' }, 'invalid_scope'],
  ])('R2 shows what is wrong with %s, and redirects nowhere', async (_, changes, error) => {
    const response = await send(changes, { cookie: browser.cookie })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.json()).toMatchObject({ error })
  })

  it.each(['request', 'approved', 'remember', 'buzz_limit'])(
    'U1 with the consent page’s field %s it is an answer, and no answer comes from another site',
    async (field) => {
      for (const value of ['', 'true']) {
        const text = `${world.authorizeQuery(client)}&${field}=${value}`
        const response = await world.post(authorizePath, text, { ...foreign, cookie: browser.cookie })
        expect(response.status).toBe(403)
        expect(response.headers.get('location')).toBeNull()
      }
      expect(await world.provider.grants.list(world.bob)).toEqual([])
    },
  )

  it('R3 approved=true of our own page approves nothing without the request that was kept', async () => {
    const text = `${world.authorizeQuery(client)}&approved=true&remember=true`
    const response = await world.post(authorizePath, text, { origin: issuer, cookie: browser.cookie })
    expect(response.status).toBe(400)
    expect(await world.provider.grants.list(world.bob)).toEqual([])
  })

  it.each([{}, { prompt: 'none' }])(
    'asks a browser once more by GET, which brings the cookie that SameSite=Lax kept back: %o',
    async (changes) => {
      await world.codeFor(client, browser)
      const again = await send(changes, foreign)
      expect(again.status).toBe(303)
      const target = again.headers.get('location') as string
      expect(target.startsWith(`${authorizePath}?`)).toBe(true)
      expect(world.codeIn(await world.get(target, { cookie: browser.cookie }))).toBeTruthy()
    },
  )

  it.each(['pad=\r\nset-cookie: taken=1', 'pad=\n', 'pad=\u2028日本', 'pad=%zz%'])(
    'H4 a body with %j in it goes into no header as it came',
    async (more) => {
      for (const headers of [foreign, {}]) {
        const text = `${world.authorizeQuery(client)}&${more}`
        const location = (await world.post(authorizePath, text, headers)).headers.get('location') ?? ''
        expect(location).toMatch(/^\/[\x21-\x7e]+$/)
      }
    },
  )

  it('hands the state on as it was posted, whatever is in it', async () => {
    const state = 'a\r\nb +%2B&=日本\u{1f600}'
    const text = `${world.authorizeQuery(client)}`.replace(/&state=[^&]*/, '') + `&${new URLSearchParams({ state })}`
    const target = (await world.post(authorizePath, text, foreign)).headers.get('location') as string
    const request = world.requestIn(await world.get(target, { cookie: browser.cookie }))
    const back = new URL((await world.answer(browser, request)).headers.get('location') as string)
    expect(back.searchParams.get('state')).toBe(state)
  })

  it('T6 puts nothing into an address but what an app says in its request, and nothing at all before that is right', async () => {
    const canary = 'client_secret=canary&code_verifier=canary&canary=canary'
    const right = `${world.authorizeQuery(client)}&${canary}`
    const wrong = `${world.authorizeQuery(client, { client_id: 'canary' })}&${canary}`
    for (const profile of ['documented', 'observed']) {
      world.provider.profile.set(profile)
      for (const headers of [{}, foreign]) {
        expect((await world.post(authorizePath, wrong, headers)).status).toBe(400)
        const response = await world.post(authorizePath, right, headers)
        expect(response.headers.get('location')).toContain(client.id)
        expect(response.headers.get('location')).not.toContain('canary')
      }
    }
  })

  it('says what it takes to whoever posts what is no form', async () => {
    const address = `${issuer}${authorizePath}?${world.authorizeQuery(client)}`
    for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'text/plain' }]) {
      const answer = await world.provider.fetch(new Request(address, { method: 'POST', headers, body: '{}' }))
      expect(answer.status).toBe(400)
      expect(((await answer.json()) as Record<string, string>)['error_description']).toContain('form-urlencoded')
    }
  })

  it('counts against the same limit as GET', async () => {
    const limited = await worldOf({ limits: { authorize: { times: 1, seconds: 60 } } })
    const app = await limited.register()
    const { cookie } = await limited.browserOf(limited.bob)
    const text = limited.authorizeQuery(app).toString()
    expect((await limited.post(authorizePath, text, { cookie })).status).toBe(302)
    expect((await limited.post(authorizePath, text, { cookie })).status).toBe(429)
    await limited.provider.close()
  })
})
