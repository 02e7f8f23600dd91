import { type Emulator, answerAuthorize, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { listenLocally } from '@civitai-oauth/provider/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalSignIn, signInLocally } from '../../src/login/sign-in.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ storage: sqlite({ memory: true }) })
})
afterAll(() => emulator.close())

/** A browser that keeps cookies and follows nothing by itself. */
const createBrowser = () => {
  const jar = new Map<string, string>()
  return async (url: string | URL): Promise<Response> => {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return response
  }
}

const locationOf = (response: Response, base: string): string =>
  new URL(response.headers.get('location') ?? '', base).href

const freePort = async (): Promise<number> => {
  const probe = await listenLocally(() => {}, 0)
  await probe.close()
  return probe.port
}

const begin = async (more: Partial<LocalSignIn> = {}) => {
  const port = await freePort()
  const owner = await emulator.provider.admin.findPerson('ada')
  if (owner === null) throw new Error('no ada')
  const registered = await emulator.provider.admin.registerApp(owner, {
    name: 'A terminal',
    description: '',
    redirectUris: `http://localhost:${port}/oauth/callback`,
    scopes: ['UserRead', 'BuzzRead'],
    type: 'public',
    dialect: 'civitai',
  })
  if (registered._tag !== 'Registered') throw new Error('not registered')
  const { promise: ready, resolve: onReady } = Promise.withResolvers<string>()
  const signedIn = signInLocally({
    issuer: emulator.issuer,
    clientId: registered.app.clientId,
    scopes: ['UserRead', 'BuzzRead'],
    port,
    withinMs: 20_000,
    onReady,
    ...more,
  })
  return { signedIn, ready }
}

/** As a person at a browser. */
const signInAsBen = async (address: string): Promise<void> => {
  const browser = createBrowser()
  const start = locationOf(await browser(address), address)
  const authorize = locationOf(await browser(start), start)
  expect(authorize).toContain(`${emulator.issuer}/api/auth/oauth/authorize?`)
  const person = await emulator.provider.admin.findPerson('ben')
  if (person === null) throw new Error('no ben')
  const answered = await answerAuthorize(emulator.provider, person, {
    url: authorize,
    approve: true,
    remember: false,
  })
  if (answered._tag !== 'Sent') throw new Error(answered._tag)
  const home = locationOf(await browser(answered.location), address)
  expect(await (await browser(home)).text()).toContain('You are signed in.')
}

describe('signing in from a terminal', () => {
  it('ends with an access token of the person at the browser', async () => {
    const { signedIn, ready } = await begin()
    const address = await ready
    await signInAsBen(address)
    const { user, scopes, accessToken } = await signedIn
    expect([user.username, scopes]).toEqual(['ben', ['UserRead', 'BuzzRead']])
    const me = await fetch(`${emulator.issuer}/api/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(await me.json()).toMatchObject({ username: 'ben' })
    await expect(fetch(address)).rejects.toThrow()
  })

  it('H4 addresses that are none, from whatever page of this machine, end no sign-in', async () => {
    const { signedIn, ready } = await begin()
    const address = await ready
    for (const target of ['//', '//evil.example/', '/%', '/oauth/callback?state=%']) {
      const answer = await fetch(new URL(address).origin + target, { redirect: 'manual' })
      expect(answer.headers.get('location') ?? '').not.toContain('evil.example')
      expect(answer.status).toBeLessThan(500)
    }
    await signInAsBen(address)
    expect((await signedIn).user.username).toBe('ben')
  })

  it('gives up when nobody comes', async () => {
    const { signedIn } = await begin({ withinMs: 1 })
    await expect(signedIn).rejects.toThrow('Nobody signed in')
  })
})
