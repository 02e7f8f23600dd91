/** Quaily's public clients, by the requests they are known to send: their parameters in their order, their headers, no others. */
import { request } from 'node:http'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const scopes = ['user.full', 'post.write']
const verifier = '7Jq1xN0bQm4Yw9TzKc3RfVh8LsPd2GuEaXoBi5-_k6M'

let server: TestServer
let authBase: string
let apiBase: string

beforeAll(async () => {
  server = await startProvider()
  authBase = `${server.issuer}/quaily`
  apiBase = `${authBase}/api`
})
afterAll(() => server.close())

interface Answer {
  readonly status: number | undefined
  readonly body: string
}

/** Nothing is added to what is given, as `fetch` would. */
const send = (method: string, url: string, headers: Readonly<Record<string, string>>, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => void (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode, body: text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

const form = { 'content-type': 'application/x-www-form-urlencoded' }

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expiry: string
}

const post = async (fields: readonly (readonly [string, string])[]): Promise<Tokens> => {
  const body = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const answer = await send('POST', `${apiBase}/oauth/token`, form, body)
  expect(answer.status).toBe(200)
  return JSON.parse(answer.body) as Tokens
}

const me = async (accessToken: string): Promise<{ readonly id: number; readonly email: string }> => {
  const answer = await send('GET', `${apiBase}/users/me`, { authorization: `Bearer ${accessToken}` })
  // Anything but 200 is a failure to these clients, 201 and 204 too.
  expect(answer.status).toBe(200)
  return (JSON.parse(answer.body) as { readonly data: { readonly id: number; readonly email: string } }).data
}

const register = (redirectUri: string) =>
  server.registerApp({ redirectUris: [redirectUri], type: 'public', dialect: 'quaily', scopes, name: 'Quail' })

describe('the terminal client', () => {
  it('sends its person to the page that shows the code, redeems what they paste, and finds itself signed in', async () => {
    const redirectUri = `${authBase}/oauth/code`
    const { clientId } = await register(redirectUri)
    const state = '6e2f1c9a-0d1b-4c55-9a55-2d1d3e4f5a6b'
    const asked =
      `${authBase}/oauth/authorize?client_id=${clientId}&code_challenge=${verifier}&code_challenge_method=plain` +
      `&redirect_uri=${encodeURIComponent(redirectUri)}&response_type=code&scope=${scopes.join('+')}&state=${state}`
    const shown = await send('GET', await server.approve(asked), {})
    expect(shown.status).toBe(200)
    expect(shown.body).toContain(state)
    const [code = ''] = /[\w-]{43,}/.exec(shown.body) ?? []
    const tokens = await post([
      ['client_id', clientId],
      ['code', code],
      ['code_verifier', verifier],
      ['grant_type', 'authorization_code'],
      ['redirect_uri', redirectUri],
    ])
    const { id, email } = await me(tokens.access_token)
    expect(email).toContain('@')
    const lists = await send('GET', `${apiBase}/users/${id}/lists`, { authorization: `Bearer ${tokens.access_token}` })
    expect(lists.status).toBe(200)
    expect(JSON.parse(lists.body)).toMatchObject({ data: expect.any(Array), ts: expect.any(Number) })
  })
})

describe('the desktop plugin', () => {
  it('refreshes at every start and goes on using its first access token', async () => {
    const redirectUri = 'http://localhost:63812/oauth/code'
    const { clientId } = await register(redirectUri)
    const query = new URLSearchParams({
      client_id: clientId,
      code_challenge: verifier,
      code_challenge_method: 'plain',
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state: 'a-state',
    })
    const callback = new URL(await server.approve(`${authBase}/oauth/authorize?${query}`))
    expect(`${callback.origin}${callback.pathname}`).toBe(redirectUri)
    const first = await post([
      ['grant_type', 'authorization_code'],
      ['code', callback.searchParams.get('code') as string],
      ['redirect_uri', redirectUri],
      ['client_id', clientId],
      ['code_verifier', verifier],
    ])
    expect(first.expiry).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    let refreshToken = first.refresh_token
    for (const start of [1, 2, 3]) {
      server.advance(86_400 * start)
      const next = await post([
        ['grant_type', 'refresh_token'],
        ['refresh_token', refreshToken],
        ['client_id', clientId],
      ])
      expect(next.refresh_token).not.toBe(refreshToken)
      refreshToken = next.refresh_token
      await me(first.access_token)
    }
  })
})
