import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aiServices,
  authorizePath,
  type Browser,
  callback,
  type Client,
  issuer,
  type World,
  worldOf,
} from '../support/world.ts'

describe('when an app sends a person to the authorize endpoint', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const answer = (response: Response) => new URL(response.headers.get('location') as string, issuer)

  it('leads a stranger to sign-in, and back to this very request', async () => {
    const query = world.authorizeQuery(client)
    const response = await world.authorize(client, null)
    expect(response.status).toBe(302)
    expect(answer(response).pathname).toBe('/login')
    expect(answer(response).searchParams.get('returnUrl')).toBe(`${authorizePath}?${query}`)
  })

  it('asks for consent, and after Authorize goes back with code, state and issuer', async () => {
    const asked = await world.authorize(client, browser)
    const response = await world.answer(browser, world.requestIn(asked))
    expect(response.status).toBe(302)
    const back = answer(response)
    expect(back.origin + back.pathname).toBe(callback)
    expect(back.searchParams.get('state')).toBe('a-state')
    expect(back.searchParams.get('iss')).toBe(issuer)
    expect(back.searchParams.get('code')).toMatch(/^civitai_code_[\w-]{43}$/)
  })

  it('refuses a state that would not fit the address of the sign-in page, by its length as it travels', async () => {
    expect((await world.authorize(client, null, { state: '"'.repeat(1400) })).status).toBe(400)
    const fits = await world.authorize(client, null, { state: '"'.repeat(1300) })
    expect(fits.status).toBe(302)
    expect(fits.headers.get('location')?.length).toBeLessThan(8_192)
  })

  it('echoes the state byte for byte', async () => {
    const state = 'a+b %20&=#/?ü 漢 "<>\'\\'
    const response = await world.answer(browser, world.requestIn(await world.authorize(client, browser, { state })))
    expect(answer(response).searchParams.get('state')).toBe(state)
  })

  it('keeps a query that the registered address has', async () => {
    const redirect_uri = 'https://app.example.com/cb?tenant=a%20b'
    const other = await world.register({ redirectUris: redirect_uri })
    const asked = await world.authorize(other, browser, { redirect_uri })
    const response = await world.answer(browser, world.requestIn(asked))
    expect(response.headers.get('location')).toMatch(/^https:\/\/app\.example\.com\/cb\?tenant=a%20b&code=/)
  })

  it.each([
    ['client_id', { client_id: undefined }, 'invalid_request'],
    ['client_id', { client_id: 'nobody' }, 'invalid_client'],
    ['client_id', { client_id: '%00\0' }, 'invalid_request'],
    ['redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['response_type', { response_type: undefined }, 'invalid_request'],
    ['response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['code_challenge', { code_challenge: undefined }, 'invalid_request'],
    ['code_challenge_method', { code_challenge_method: undefined }, 'invalid_request'],
    ['C8 a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'abc' }, 'invalid_request'],
    ['state', { state: undefined }, 'invalid_request'],
    ['scope', { scope: undefined }, 'invalid_request'],
    ['scope', { scope: 'UserRead' }, 'invalid_scope'],
    ['scope', { scope: '-1' }, 'invalid_scope'],
    ['scope', { scope: '1.5' }, 'invalid_scope'],
    ['scope above Full', { scope: '33554432' }, 'invalid_scope'],
    ['prompt', { prompt: 'none consent' }, 'invalid_request'],
  ])('a wrong or missing %s (%j) is shown as JSON to a program and as a page to a person', async (_, fault, error) => {
    const program = await world.authorize(client, browser, fault)
    expect(program.status).toBe(400)
    expect(await program.json()).toMatchObject({ error, error_description: expect.stringMatching(/\w/) })
    const person = await world.authorize(client, browser, fault, { accept: 'text/html,application/xhtml+xml' })
    expect(person.status).toBe(400)
    expect(person.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await person.text()).toContain(error)
  })

  it('checks in the documented order: the first thing that is wrong is the one that is said', async () => {
    const faults: readonly (readonly [Readonly<Record<string, string | undefined>>, RegExp])[] = [
      [{ client_id: 'nobody' }, /client_id/],
      [{ redirect_uri: 'https://evil.example' }, /redirect_uri/],
      [{ code_challenge: undefined }, /code_challenge/],
      [{ code_challenge_method: 'plain' }, /S256/],
      [{ state: undefined }, /state/],
      [{ scope: 'x' }, /permissions/],
    ]
    for (let first = 0; first < faults.length; first++) {
      const all = Object.assign(
        {},
        ...faults
          .slice(first)
          .map(([fault]) => fault)
          .toReversed(),
      ) as Record<string, string>
      const response = await world.authorize(client, browser, all)
      const { error_description: said } = (await response.json()) as { readonly error_description: string }
      expect(said).toMatch((faults[first] as (typeof faults)[number])[1])
    }
  })

  it('T5 a parameter that is sent twice is refused', async () => {
    const response = await world.get(`${authorizePath}?${world.authorizeQuery(client)}&state=other`, {
      cookie: browser.cookie,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('T2 U2 no answer may be cached or framed', async () => {
    const answers = [
      await world.authorize(client, null),
      await world.authorize(client, browser),
      await world.authorize(client, browser, { state: undefined }, { accept: 'text/html' }),
      await world.authorize(client, browser, { state: undefined }),
    ]
    for (const response of answers) expect(response.headers.get('cache-control')).toBe('no-store')
    const page = answers[2] as Response
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('x-frame-options')).toBe('DENY')
  })

  it('U6 what was sent is shown as text on the page, if at all', async () => {
    const fault = { prompt: '<script>alert(1)</script>', '<script>': '1', scope: '<img src=x>' }
    const response = await world.authorize(client, browser, fault, { accept: 'text/html' })
    const page = await response.text()
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<img')
  })

  it('adds UserRead, asked for or not, and trims what the app may not have', async () => {
    const asked = await world.authorize(client, browser, { scope: String(65536 + 16) })
    const shown = await world.provider.consent(world.requestIn(asked), browser.cookie)
    expect(shown).toMatchObject({
      view: { granted: ['UserRead', 'BuzzRead'], unavailable: ['ModelsDelete'], added: ['UserRead', 'BuzzRead'] },
    })
    const tokens = await world.tokensFor(client, browser, { scope: String(65536 + 16) })
    expect(tokens.scope).toBe('65537')
  })

  it('scope 0 is the profile alone', async () => {
    expect((await world.tokensFor(client, browser, { scope: '0' })).scope).toBe('1')
  })

  describe('U5 without a page', () => {
    it('only for a remembered grant', async () => {
      await world.codeFor(client, browser, {}, { remember: 'false' })
      expect(world.requestIn(await world.authorize(client, browser))).toMatch(/^[\w-]{43}$/)
      await world.codeFor(client, browser, {}, { remember: 'true' })
      expect(world.codeIn(await world.authorize(client, browser))).toMatch(/^civitai_code_/)
    })

    it('only for what was remembered, though more was granted once', async () => {
      await world.codeFor(client, browser, { scope: aiServices }, { remember: 'false' })
      await world.codeFor(client, browser, { scope: '1' }, { remember: 'true' })
      expect(world.codeIn(await world.authorize(client, browser, { scope: '1' }))).toBeTruthy()
      expect(world.requestIn(await world.authorize(client, browser, { scope: aiServices }))).toBeTruthy()
    })

    it('U4 never for a wider scope, and the page says what is new', async () => {
      await world.codeFor(client, browser, { scope: '65537' })
      const asked = await world.authorize(client, browser, { scope: aiServices })
      const shown = await world.provider.consent(world.requestIn(asked), browser.cookie)
      expect(shown).toMatchObject({ view: { added: ['AIServicesRead', 'AIServicesWrite'], offersBuzzLimit: true } })
    })

    it('never for another person, nor after the person took it back', async () => {
      await world.codeFor(client, browser)
      const other = await world.browserOf(world.ada)
      expect(world.requestIn(await world.authorize(client, other))).toBeTruthy()
      expect(await world.provider.grants.revoke(world.bob, client.id)).toEqual({ _tag: 'Revoked' })
      expect(world.requestIn(await world.authorize(client, browser))).toBeTruthy()
    })
  })

  describe('prompt', () => {
    it('none shows no page: it tells the app what is missing, or gives the code', async () => {
      const stranger = answer(await world.authorize(client, null, { prompt: 'none' }))
      expect(stranger.href.startsWith(`${callback}?`)).toBe(true)
      expect(stranger.searchParams.get('error')).toBe('login_required')
      expect(stranger.searchParams.get('state')).toBe('a-state')
      expect(stranger.searchParams.get('iss')).toBe(issuer)
      const unasked = answer(await world.authorize(client, browser, { prompt: 'none' }))
      expect(unasked.searchParams.get('error')).toBe('consent_required')
      await world.codeFor(client, browser)
      expect(world.codeIn(await world.authorize(client, browser, { prompt: 'none' }))).toBeTruthy()
    })

    it('consent asks again', async () => {
      await world.codeFor(client, browser)
      expect(world.requestIn(await world.authorize(client, browser, { prompt: 'consent' }))).toBeTruthy()
    })

    describe('login', () => {
      const wayBackOf = (response: Response): string => {
        const login = answer(response)
        expect([login.pathname, login.searchParams.get('prompt')]).toEqual(['/login', 'login'])
        return login.searchParams.get('returnUrl') as string
      }
      const open = (path: string, { cookie }: Browser) => world.get(path, { cookie })
      beforeEach(async () => {
        await world.codeFor(client, browser)
        world.clock.advance(1)
      })

      it.each(['login', 'select_account'])('%s leads to sign-in once, not for ever', async (prompt) => {
        const path = wayBackOf(await world.authorize(client, browser, { prompt }))
        world.clock.advance(5)
        expect(world.codeIn(await open(path, await world.browserOf(world.bob)))).toBeTruthy()
      })

      it('together with consent shows both pages', async () => {
        const path = wayBackOf(await world.authorize(client, browser, { prompt: 'login consent' }))
        expect(world.requestIn(await open(path, await world.browserOf(world.bob)))).toBeTruthy()
      })

      it('asks a stranger once', async () => {
        const path = wayBackOf(await world.authorize(client, null, { prompt: 'login' }))
        world.clock.advance(5)
        expect(world.codeIn(await open(path, await world.browserOf(world.bob)))).toBeTruthy()
      })

      it('asks a stranger once, also where the session is looked at before anything else', async () => {
        world.provider.profile.set('documented,+session-first')
        const path = wayBackOf(await world.authorize(client, null, { prompt: 'login' }))
        world.clock.advance(5)
        expect(world.codeIn(await open(path, await world.browserOf(world.bob)))).toBeTruthy()
      })

      it('U7 opening the way back by hand, with the session there was, asks again', async () => {
        let path = wayBackOf(await world.authorize(client, browser, { prompt: 'login' }))
        for (let time = 0; time < 3; time++) path = wayBackOf(await open(path, browser))
      })

      it.each(['0', '-1', 'x', '1e3', '99999999999999'])(
        'U7 a way back that says it was asked at %s asks again',
        async (at) => {
          wayBackOf(await world.authorize(client, browser, { prompt: 'login', sign_in_asked_at: at }))
        },
      )

      it('U7 half an hour later it asks again, whoever signed in meanwhile', async () => {
        const path = wayBackOf(await world.authorize(client, browser, { prompt: 'login' }))
        const fresh = await world.browserOf(world.bob)
        world.clock.advance(30 * 60 + 1)
        wayBackOf(await open(path, fresh))
      })
    })
  })
})
