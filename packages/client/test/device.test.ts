import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type DeviceCode, type DeviceOptions, deviceSignIn } from '../src/device.ts'

const clientId = 'cli'
const issuer = 'https://auth.test'
const code = {
  device_code: 'device-1',
  user_code: 'BCDF-GHJK',
  verification_uri: `${issuer}/device`,
  expires_in: 900,
  interval: 5,
}
const tokens = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'refresh-1',
  scope: '65537',
}

/** A server that answers what it is told to, and a clock that moves by what the program sleeps. */
const signInWith = (answers: (object | number)[], options: Partial<DeviceOptions> = {}) => {
  const slept: number[] = []
  const shown: DeviceCode[] = []
  let now = 1_700_000_000_000
  const signedIn = deviceSignIn(
    { clientId, issuer, scopes: ['BuzzRead'], onCode: (one) => shown.push(one), ...options },
    {
      fetch: async (input) => {
        if (String(input).endsWith('/userinfo')) return Response.json({ sub: '7', username: 'ada' })
        const answer = answers.shift() ?? 503
        if (typeof answer === 'number') return new Response('busy', { status: answer })
        return Response.json(answer, { status: 'error' in answer ? 400 : 200 })
      },
      now: () => now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted()
        slept.push(ms)
        now += ms
      },
    },
  )
  return { signedIn, slept, shown }
}

const pending = { error: 'authorization_pending' }

describe('a program without a browser', () => {
  it('shows a code, waits for its person, and is signed in', async () => {
    const { signedIn, slept, shown } = signInWith([code, pending, pending, tokens])
    expect(await signedIn).toMatchObject({
      user: { username: 'ada' },
      scopes: ['UserRead', 'BuzzRead'],
      refreshToken: 'refresh-1',
    })
    expect(shown).toEqual([
      {
        userCode: 'BCDF-GHJK',
        verificationUri: `${issuer}/device`,
        verificationUriComplete: undefined,
        expiresAt: 1_700_000_900_000,
      },
    ])
    expect(slept).toEqual([5000, 5000, 5000])
  })

  it('slows down when it is told to, and when nobody answers', async () => {
    const { signedIn, slept } = signInWith([code, { error: 'slow_down' }, 503, pending, tokens])
    await signedIn
    expect(slept).toEqual([5000, 10_000, 15_000, 15_000])
  })

  it.each([
    ['the person says no', [code, { error: 'access_denied' }], 'ConsentDenied'],
    ['the code ran out', [code, { error: 'expired_token' }], 'AttemptExpired'],
    ['nobody ever enters it', [code, ...Array.from({ length: 400 }, () => pending)], 'AttemptExpired'],
    ['the server refuses the app', [{ error: 'invalid_client' }], 'ServerRefused'],
    ['the server refuses the code', [code, { error: 'invalid_grant' }], 'ServerRefused'],
    ['the server is busy', [429], 'ServerUnavailable'],
  ])('says so when %s', async (_, answers, tag) => {
    await expect(signInWith(answers).signedIn).rejects.toMatchObject({ _tag: tag })
  })

  it('stops waiting when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'))
    await expect(signInWith([code], { signal }).signedIn).rejects.toThrow('Ctrl-C')
  })
})

describe('against the real server', () => {
  let server: TestServer | undefined
  afterEach(() => server?.close())

  it('shows the code that the person is to type', async () => {
    server = await startProvider()
    const app = await server.registerApp({ redirectUris: ['http://localhost:3996/callback'], type: 'public' })
    const enough = new AbortController()
    const shown: DeviceCode[] = []
    const onCode = (one: DeviceCode) => {
      shown.push(one)
      enough.abort(new Error('seen'))
    }
    const { issuer } = server
    await expect(deviceSignIn({ clientId: app.clientId, issuer, signal: enough.signal, onCode })).rejects.toThrow(
      'seen',
    )
    expect(shown).toEqual([expect.objectContaining({ userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/) })])
  })
})
