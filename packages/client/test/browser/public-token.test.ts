/** What a browser accepts of a token endpoint is what oauth4webapi accepts on a server: the same answers, the same verdict. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { civitaiProtocol } from '@civitai-oauth/core/dialects/civitai-protocol'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import * as Effect from 'effect/Effect'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthorizationServer } from '../../src/authorization-server.ts'
import { type PublicTarget, askToken, askUser } from '../../src/browser/public-token.ts'
import type { Settings } from '../../src/options.ts'
import type { Platform } from '../../src/platform.ts'
import { alwaysAsync, patience } from '../property.ts'

const now = 1_700_000_000_000
const issuer = 'https://auth.test'
const dialects = { civitai, quaily }
type Name = keyof typeof dialects

const targetOf = (name: Name): PublicTarget => ({
  dialect: (name === 'civitai' ? civitaiProtocol : quaily) as unknown as PublicTarget['dialect'],
  clientId: 'spa',
  issuer,
  tokenBase: issuer,
})

/** What a server makes of it: the engine, behind the very boundary that production has. */
const onServer = (name: Name, answer: () => Response) => {
  const settings = {
    dialect: dialects[name],
    clientId: 'spa',
    clientSecrets: [],
    issuer,
    tokenBase: issuer,
    onEvent: () => {},
  }
  const platform: Pick<Platform, 'fetch' | 'now'> = { fetch: async () => answer(), now: () => now }
  const server = createAuthorizationServer(settings as unknown as Settings, platform as Platform)
  const callback = { code: 'c', verifier: 'v', redirectUri: 'r' } as unknown as Parameters<typeof server.exchange>[0]
  return Effect.runPromise(
    Effect.catchTag(server.exchange(callback), 'Unavailable', (failure) => Effect.succeed(failure)),
  )
}

const inBrowser = (name: Name, answer: () => Response) => {
  vi.stubGlobal('fetch', async () => answer())
  return askToken(targetOf(name), 'exchange', {})
}

/** How long to wait is asked of each in its own test. */
const verdict = (answer: { readonly _tag: string; readonly retryAfterMs?: unknown }) => ({
  ...answer,
  retryAfterMs: undefined,
})

const nonsense = fc.constantFrom<unknown>(null, '', 0, -1, '3600', 'x', [], {}, true, 3600, ['1'])
const body = fc.record(
  {
    access_token: fc.oneof(fc.constant('an access token'), nonsense),
    token_type: fc.oneof(fc.constantFrom<unknown>('Bearer', 'bearer', 'BEARER'), nonsense),
    refresh_token: fc.oneof(fc.constant('a refresh token'), nonsense),
    expires_in: fc.oneof(fc.constant(60), nonsense),
    scope: fc.oneof(fc.constantFrom<unknown>('65537', 65_537, ['65537']), nonsense),
    error: fc.oneof(fc.constant('invalid_grant'), nonsense),
    code: fc.oneof(fc.constantFrom<unknown>(10_002, '90001', -1, 4711), nonsense),
    msg: fc.constant('No.'),
  },
  { requiredKeys: [] },
)
/** Mostly right: an answer with one thing wrong in it says more than one with nothing right. */
const right = { access_token: 'an access token', token_type: 'Bearer', expires_in: 60 }
const answers = fc.record({
  name: fc.constantFrom<Name>('civitai', 'quaily'),
  status: fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 404, 429, 500, 503),
  text: fc.oneof(
    fc.tuple(body, fc.boolean()).map(([wrong, mostly]) => JSON.stringify(mostly ? { ...right, ...wrong } : wrong)),
    fc.constantFrom('', '<html>', '[]', 'null', '"text"'),
  ),
  headers: fc.constantFrom<Record<string, string>>(
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="x"' },
  ),
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a token endpoint’s answer', () => {
  it('K12 means in a browser what it means on a server, whatever is in it', { timeout: patience }, async () => {
    vi.useFakeTimers({ toFake: ['Date'], now })
    await alwaysAsync(answers, async ({ name, status, text, headers }) => {
      const answer = () => new Response(text, { status, headers })
      expect(verdict(await inBrowser(name, answer))).toEqual(verdict(await onServer(name, answer)))
      return true
    })
  })

  it('that demands a proof of possession is none: a browser has a bearer or nothing', async () => {
    const answer = () => Response.json({ ...right, token_type: 'DPoP' })
    expect(await inBrowser('civitai', answer)).toMatchObject({ _tag: 'Unavailable', lost: true })
  })

  it('says when to come again, or five seconds it is', async () => {
    const busy = (headers: Record<string, string>) => () => new Response('busy', { status: 429, headers })
    expect(await inBrowser('civitai', busy({ 'retry-after': '20' }))).toMatchObject({ retryAfterMs: 20_000 })
    expect(await inBrowser('civitai', busy({ 'retry-after': 'later' }))).toMatchObject({ retryAfterMs: 5_000 })
  })

  it('K8 is asked for without cookies, and a code or token never follows a redirect', async () => {
    const asked: RequestInit[] = []
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      asked.push(init)
      throw new TypeError('redirected')
    })
    expect(await askToken(targetOf('civitai'), 'exchange', { code: 'c' })).toMatchObject({ lost: true })
    expect(asked).toMatchObject([{ redirect: 'error', credentials: 'omit', method: 'POST' }])
    expect([...(asked[0] as { body: URLSearchParams }).body]).toEqual([
      ['client_id', 'spa'],
      ['code', 'c'],
    ])
  })
})

describe('userinfo', () => {
  const asking = async (...answers: (Response | Error)[]) => {
    let asked = 0
    vi.stubGlobal('fetch', async () => {
      const answer = answers[asked++]
      if (answer instanceof Response) return answer
      throw answer ?? new Error('Asked too often.')
    })
    return [await askUser(targetOf('civitai'), 'token'), asked]
  }
  const ada = { sub: '7', username: 'ada' }

  it('is asked once more when nobody answered', async () => {
    expect(await asking(new TypeError('offline'), Response.json(ada))).toEqual([{ id: '7', username: 'ada' }, 2])
  })

  it('names nobody where the token is refused, and after the second try', async () => {
    expect(await asking(Response.json({ error: 'invalid_token' }, { status: 401 }))).toEqual([undefined, 1])
    expect(await asking(new TypeError('offline'), new TypeError('offline'))).toEqual([undefined, 2])
    expect(await asking(new Response('busy', { status: 503 }))).toEqual([undefined, 1])
  })
})
