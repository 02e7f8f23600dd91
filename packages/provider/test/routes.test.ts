/** Every route that an app or a program can call, as nobody, as another person, and as one of the staff. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { civitaiRoutes } from '../src/civitai/routes.ts'
import type { Person } from '../src/index.ts'
import { quailyRoutes } from '../src/quaily/routes.ts'
import type { Services } from '../src/services.ts'
import { type Browser, type Client, issuer, type Tokens, verifier, type World, worldOf } from './support/world.ts'

const workflow = JSON.stringify({ steps: [{ $type: 'textToImage', input: {} }] })
const allOfCivitai = '33554431'
const allOfQuaily = 'user.full post.write credit.read apikey.read'
const redirectUri = `${issuer}/quaily/oauth/code`

interface Row {
  readonly route: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `:mine` is the caller's own id, `:hers` what belongs to ada. */
  readonly path?: string
  readonly body?: string
  /** What is answered to nobody, and to a person with a token of all that the app may ask for. */
  readonly nobody: number
  readonly person: number
}

const bearers: readonly Row[] = [
  { route: '/api/auth/oauth/userinfo', method: 'GET', nobody: 401, person: 200 },
  { route: '/api/auth/oauth/userinfo', method: 'POST', nobody: 401, person: 200 },
  { route: '/api/v1/me', method: 'GET', nobody: 401, person: 200 },
  { route: '/api/trpc/buzz.getBuzzAccount', method: 'GET', nobody: 401, person: 200 },
  { route: '/api/trpc/buzz.getUserAccount', method: 'GET', nobody: 401, person: 200 },
  { route: '/v2/consumer/workflows', method: 'GET', nobody: 401, person: 200 },
  { route: '/v2/consumer/workflows', method: 'POST', body: workflow, nobody: 401, person: 200 },
  {
    route: '/v2/consumer/workflows/:id',
    method: 'GET',
    path: '/v2/consumer/workflows/:hers',
    nobody: 401,
    person: 404,
  },
]

const quailys: readonly Row[] = [
  { route: '/quaily/api/oauth/userinfo', method: 'GET', nobody: 401, person: 200 },
  { route: '/quaily/api/users/me', method: 'GET', nobody: 401, person: 200 },
  {
    route: '/quaily/api/users/:id/lists',
    method: 'GET',
    path: '/quaily/api/users/:mine/lists',
    nobody: 401,
    person: 200,
  },
  {
    route: '/quaily/api/lists/:id/posts',
    method: 'GET',
    path: '/quaily/api/lists/:mine/posts',
    nobody: 401,
    person: 200,
  },
  {
    route: '/quaily/api/lists/:id/posts',
    method: 'GET',
    path: '/quaily/api/lists/:hers/posts',
    nobody: 401,
    person: 404,
  },
  {
    route: '/quaily/api/lists/:id/posts',
    method: 'POST',
    path: '/quaily/api/lists/:hers/posts',
    body: '{"title":"Mine"}',
    nobody: 401,
    person: 404,
  },
  { route: '/quaily/api/auxilia/credits/balance', method: 'GET', nobody: 401, person: 200 },
  { route: '/quaily/api/auxilia/credits/ledger', method: 'GET', nobody: 401, person: 200 },
  { route: '/quaily/api/auxilia/credits/consume', method: 'POST', body: '{"amount":1}', nobody: 401, person: 403 },
  { route: '/quaily/api/apikeys', method: 'GET', nobody: 401, person: 200 },
  {
    route: '/quaily/api/apikeys/verify',
    method: 'POST',
    body: `{"hash":"${'0'.repeat(64)}"}`,
    nobody: 401,
    person: 200,
  },
  { route: '/quaily/api/oauth/authorize', method: 'GET', nobody: 401, person: 400 },
  {
    route: '/quaily/api/oauth/apps/:id',
    method: 'DELETE',
    path: '/quaily/api/oauth/apps/:hers',
    nobody: 401,
    person: 403,
  },
]

/** Called by apps and browsers with credentials of their own, which other tests look at; or by anybody. */
const others = [
  '/api/auth/oauth/authorize',
  '/api/auth/oauth/token',
  '/api/auth/oauth/revoke',
  '/api/auth/oauth/device',
  '/api/auth/oauth/device-token',
  '/api/auth/oauth/introspect',
  '/v2/consumer/blobs/:id',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
  '/quaily/oauth/authorize',
  '/quaily/oauth/code',
  '/quaily/api/oauth/token',
  '/quaily/api/apps/:id',
]

describe('every route of the API', () => {
  let world: World
  let civitai: Client
  let quaily: Client
  let hers: string

  const tokenFor = async (person: Person, dialect: 'civitai' | 'quaily'): Promise<string> => {
    const browser: Browser = await world.browserOf(person)
    if (dialect === 'civitai') return (await world.tokensFor(civitai, browser, { scope: allOfCivitai })).access_token
    const query = new URLSearchParams({
      client_id: quaily.id,
      redirect_uri: redirectUri,
      scope: allOfQuaily,
      code_challenge: verifier,
      code_challenge_method: 'plain',
    })
    const request = world.requestIn(await world.get(`/quaily/oauth/authorize?${query}`, { cookie: browser.cookie }))
    const answer = { request, approved: 'true' }
    const back = await world.post('/quaily/oauth/authorize', answer, { origin: issuer, cookie: browser.cookie })
    const exchanged = await world.post('/quaily/api/oauth/token', {
      grant_type: 'authorization_code',
      client_id: quaily.id,
      redirect_uri: redirectUri,
      code: world.codeIn(back),
      code_verifier: verifier,
    })
    return ((await exchanged.json()) as Tokens).access_token
  }

  const call = ({ route, method, path = route, body }: Row, mine: string, token: string | null) =>
    world.provider.fetch(
      new Request(issuer + path.replace(':mine', mine).replace(':hers', hers), {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      }),
    )

  beforeAll(async () => {
    world = await worldOf()
    civitai = await world.register({ scopes: ['UserRead', 'BuzzRead', 'AIServicesRead', 'AIServicesWrite'] })
    const scopes = allOfQuaily.split(' ')
    quaily = await world.register({ dialect: 'quaily', type: 'public', redirectUris: redirectUri, scopes })
  })
  afterAll(() => world.provider.close())

  it('is one of these', () => {
    const entries = [
      ...civitaiRoutes({} as Services, []),
      ...quailyRoutes({} as Services, new Uint8Array(32), {}).entries,
    ]
    const paths = entries.map(([path]) => path).filter((path) => !path.startsWith('/legacy/'))
    const known = new Set([...[...bearers, ...quailys].map(({ route }) => route), ...others])
    expect(paths.toSorted()).toEqual([...known].toSorted())
  })

  it.each([
    ['civitai', bearers],
    ['quaily', quailys],
  ] as const)('O1 of %s answers nobody nothing, and staff no more than anybody else', async (dialect, rows) => {
    const mod = await world.person(`mod-${dialect}`, { staff: true })
    const own = await tokenFor(world.ada, dialect)
    const begun = await call({ ...(bearers[6] as Row) }, '', await tokenFor(world.ada, 'civitai'))
    hers = dialect === 'civitai' ? ((await begun.json()) as { readonly id: string }).id : String(world.ada.id)
    const [bob, staff] = [await tokenFor(world.bob, dialect), await tokenFor(mod, dialect)]
    for (const row of rows) {
      const what = `${row.method} ${row.path ?? row.route}`
      const nobody = await call(row, '1', null)
      expect([what, nobody.status]).toEqual([what, row.nobody])
      expect(await nobody.text()).not.toContain('ada')
      for (const [token, mine] of [
        [bob, world.bob.id],
        [staff, mod.id],
      ] as const) {
        const answer = await call(row, String(mine), token)
        expect([what, answer.status]).toEqual([what, row.person])
        expect(await answer.text()).not.toContain('ada@example.com')
      }
      const dead = await call(row, '1', `${own}x`)
      expect([what, dead.status]).toEqual([what, 401])
    }
    const stillHers = await call(rows[0] as Row, String(world.ada.id), own)
    expect(stillHers.status).toBe(200)
  })

  const entries = () => [
    ...civitaiRoutes({} as Services, []),
    ...quailyRoutes({} as Services, new Uint8Array(32), {}).entries,
  ]
  const forms = [
    '/api/auth/oauth/token',
    '/api/auth/oauth/revoke',
    '/api/auth/oauth/device',
    '/api/auth/oauth/device-token',
    '/api/auth/oauth/introspect',
    '/quaily/api/oauth/token',
  ]

  it('T2 keeps every answer out of caches and other sites’ referrers, but for made-up pictures', async () => {
    for (const [path, { methods }] of entries())
      for (const method of [...Object.keys(methods), 'PUT']) {
        const answer = await world.provider.fetch(new Request(issuer + path.replace(':id', 'blob_x'), { method }))
        const [cache, referrer] = [answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]
        const what = `${method} ${path}`
        if (path.includes('/blobs/') && method === 'GET') expect([what, cache]).toEqual([what, 'public, max-age=86400'])
        else expect([what, cache, referrer]).toEqual([what, 'no-store', 'no-referrer'])
        expect([what, answer.headers.get('x-content-type-options')]).toEqual([what, 'nosniff'])
      }
  })

  it.each(forms)('T5 A1 H5 %s refuses what is sent twice, a secret in its address, and too much', async (path) => {
    const fields = new URLSearchParams({ ...world.credentials(civitai), token: 'x', grant_type: 'refresh_token' })
    for (const name of ['client_id', 'client_secret', 'token', 'grant_type', 'anything'])
      expect((await world.post(path, `${fields}&${name}=x&${name}=x`)).status).toBe(400)
    for (const name of ['client_secret', 'refresh_token', 'code', 'code_verifier', 'token', 'device_code'])
      expect((await world.post(`${path}?${name}=x`, fields.toString())).status).toBe(400)
    expect((await world.post(path, `${fields}&pad=${'x'.repeat(65_536)}`)).status).toBe(413)
  })
})
