import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

describe.each(['documented', 'observed'])('against the real server, %s', (profile) => {
  let server: TestServer
  let ahead = 0
  beforeEach(async () => {
    server = await startProvider({ profile })
    ahead = 0
  })
  afterEach(() => server.close())

  /** A program that waits: while it sleeps, its person does something, and time passes for both sides. */
  const signIn = async (type: 'public' | 'confidential', person: (code: DeviceCode, polls: number) => unknown) => {
    const app = await server.registerApp({ redirectUris: ['http://localhost:3996/callback'], type })
    const shown: DeviceCode[] = []
    let polls = 0
    const signedIn = await deviceSignIn(
      {
        clientId: app.clientId,
        ...(app.clientSecret !== undefined && { clientSecret: app.clientSecret }),
        issuer: server.issuer,
        scopes: ['BuzzRead'],
        onCode: (code) => shown.push(code),
      },
      {
        fetch: (input, init) => fetch(input, init),
        now: () => Date.now() + ahead,
        sleep: async (ms) => {
          await person(shown[0] as DeviceCode, polls++)
          server.advance(ms / 1000)
          ahead += ms
        },
      },
    )
    return { signedIn, shown, polls }
  }

  it.each(['public', 'confidential'] as const)(
    'is signed in when its person has allowed it, as a %s app',
    async (type) => {
      const { signedIn, shown, polls } = await signIn(type, ({ userCode }, polls) =>
        polls === 2 ? server.approveDevice(userCode.toLowerCase().replace('-', ' ')) : undefined,
      )
      expect(shown).toEqual([
        expect.objectContaining({
          userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
          verificationUriComplete: expect.stringContaining(shown[0]?.userCode ?? ''),
        }),
      ])
      expect(polls).toBe(3)
      expect(signedIn).toMatchObject({ user: { username: 'ben' }, scopes: ['UserRead', 'BuzzRead'] })
      const headers = { authorization: `Bearer ${signedIn.accessToken}` }
      expect((await fetch(`${server.issuer}/api/v1/me`, { headers })).status).toBe(200)
    },
  )

  it('is told that its person said no', async () => {
    const refused = signIn('public', ({ userCode }) => server.denyDevice(userCode))
    await expect(refused).rejects.toMatchObject({ _tag: 'ConsentDenied' })
  })

  it('gives up when nobody has entered the code in time', async () => {
    await expect(signIn('public', () => undefined)).rejects.toMatchObject({ _tag: 'AttemptExpired' })
  })
})
