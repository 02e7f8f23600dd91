/** Whatever is sent: no 5xx, no hang, and no secret in any answer or log. `VERIFY=1` sends a hundred thousand. */
import { describe, expect, it } from 'vitest'
import { type Client, issuer, type World, worldOf } from './support/world.ts'

const requests = process.env['VERIFY'] === '1' ? 100_000 : 1_500
const canary = 'canary-canary-canary-canary-canary-canary-ca'

/** The same requests every time: a fault that was found is found again. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

describe('a server that is sent nonsense', () => {
  it('H4 T6 answers everything with less than 500, and repeats no secret', async () => {
    const world = await worldOf()
    const client = await world.register()
    const browser = await world.browserOf(world.bob)
    const { access_token } = await world.tokensFor(client, browser)
    const random = randomOf(20_261_121)
    const pick = <A>(list: readonly A[]): A => list[Math.floor(random() * list.length)] as A
    const maybe = (chance: number) => random() < chance
    const asked = requestsOf(world, client, browser.cookie, access_token, pick, maybe)
    for (let sent = 0; sent < requests; sent++) {
      const request = asked()
      const told = `${request.method} ${request.url}`
      const response = await world.provider.fetch(request)
      expect(response.status, told).toBeLessThan(500)
      // Sign-in and authorize lead on to the address that was asked for, and the code page shows the code: nothing else
      // repeats what it was sent.
      const leads = /^(\/login\?|http:\/\/localhost:4100\/api\/auth\/oauth\/(authorize|device)\?)/
      const headers = [...response.headers]
        .filter(([name, value]) => name !== 'location' || !leads.test(value))
        // A state is the app's own, and goes back to it.
        .map(([name, value]) => [name, value.replace(/state=[^&]*/, '')])
      const body = request.url.includes('/quaily/oauth/code') ? '' : await response.text()
      expect((JSON.stringify(headers) + body).includes(canary), told).toBe(false)
    }
    expect(JSON.stringify(world.logged)).toBe('[]')
    await world.provider.close()
  })
})

const odd = [
  '',
  '0',
  '-1',
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '\0',
  '\ud800',
  '%',
  '%zz',
  '😀'.repeat(50),
  'x'.repeat(5000),
  canary,
  '../..',
  "' OR 1=1 --",
  '<b>',
  'a b',
  '1e9',
  '9'.repeat(40),
]

const requestsOf = (
  world: World,
  client: Client,
  cookie: string,
  access: string,
  pick: <A>(list: readonly A[]) => A,
  maybe: (chance: number) => boolean,
) => {
  const values = [
    ...odd,
    client.id,
    client.secret as string,
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
    '114689',
    '1',
    'code',
    'S256',
    'plain',
    'none',
    'https://app.example.com/oauth/callback',
  ]
  const names = [
    'client_id',
    'client_secret',
    'redirect_uri',
    'scope',
    'state',
    'code',
    'code_challenge',
    'code_challenge_method',
    'code_verifier',
    'response_type',
    'grant_type',
    'refresh_token',
    'token',
    'device_code',
    'user_code',
    'request',
    'approved',
    'remember',
    'buzz_limit',
    'prompt',
    'json',
    'whatif',
    'wait',
    'before',
    'limit',
    '__proto__',
    'a[b]',
    '',
  ]
  const oauth = ['authorize', 'token', 'revoke', 'userinfo', 'device', 'device-token', 'introspect'].map(
    (name) => `/api/auth/oauth/${name}`,
  )
  const quaily = [
    '/oauth/authorize',
    '/oauth/code',
    '/api/oauth/authorize',
    '/api/oauth/token',
    '/api/oauth/userinfo',
    '/api/oauth/apps/x',
    '/api/apps/%00',
    '/api/users/me',
    '/api/users/1/lists',
    '/api/lists/1/posts',
    '/api/auxilia/credits/consume',
    '/api/auxilia/credits/ledger',
    '/api/apikeys/verify',
  ].map((path) => `/quaily${path}`)
  const paths = [
    ...oauth,
    ...oauth,
    ...quaily,
    ...oauth.map((path) => `/legacy${path}`),
    '/api/v1/me',
    '/api/trpc/buzz.getUserAccount',
    '/v2/consumer/workflows',
    '/v2/consumer/workflows/%ff',
    '/v2/consumer/blobs/x',
    '/.well-known/jwks.json',
    '/readyz',
    '/api/',
    '//',
  ]
  const good = Object.fromEntries(world.authorizeQuery(client))
  const form = (): string => {
    const fields = new URLSearchParams(maybe(0.5) ? good : {})
    for (let count = pick([0, 1, 2, 3, 6]); count > 0; count--) {
      const name = pick(names)
      if (maybe(0.8)) fields.set(name, pick(values))
      else fields.append(name, pick(values))
    }
    return maybe(0.9) ? fields.toString() : fields.toString().replace(/=/g, pick(['', '==', '%', '&'])) + pick(odd)
  }
  const bodies = [
    form,
    () =>
      JSON.stringify({
        steps: pick([[], [{}], [{ $type: pick(odd), input: {} }]]),
        amount: pick(values),
        hash: pick(values),
        title: pick(values),
      }),
    () => pick(odd),
  ]
  return (): Request => {
    const method = pick(['GET', 'POST', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'HEAD'])
    const headers = new Headers({ accept: pick(['*/*', 'text/html', '']) })
    if (maybe(0.4)) headers.set('cookie', pick([cookie, `${cookie}x`, `civitai-portal-4100=${canary}`, ';;=;']))
    if (maybe(0.4)) headers.set('origin', pick([issuer, 'null', 'https://evil.example']))
    if (maybe(0.5))
      headers.set(
        'authorization',
        pick([
          `Bearer ${access}`,
          `Bearer ${canary}`,
          'Bearer',
          `Basic ${btoa(`${client.id}:${canary}`)}`,
          'Basic %',
          'Bearer QK-x',
        ]),
      )
    const query = maybe(0.6) ? `?${form()}` : ''
    const body = method === 'POST' || method === 'PUT' ? pick(bodies)() : null
    if (body !== null && maybe(0.9))
      headers.set(
        'content-type',
        pick([
          'application/x-www-form-urlencoded',
          'application/x-www-form-urlencoded',
          'application/json',
          'text/plain',
          'multipart/form-data',
        ]),
      )
    return new Request(issuer + pick(paths) + query.replaceAll('#', ''), {
      method,
      headers,
      ...(body === null ? {} : { body }),
    })
  }
}
