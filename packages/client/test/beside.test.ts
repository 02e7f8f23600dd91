/** Beside another library: theirs signs people in to the app, ours connects their Civitai account. */
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../src/store/memory.ts'
import { Browser } from './browser.ts'
import { createApp } from './examples/beside.ts'

const origin = 'http://localhost:3993'
let server: TestServer
let app: ReturnType<typeof createApp>
let connections: Map<string, string>

beforeEach(async () => {
  server = await startProvider()
  const registered = await server.registerApp({ redirectUris: [`${origin}/civitai/callback`] })
  connections = new Map()
  app = createApp({
    origin,
    secret: 'x'.repeat(32),
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    store: memoryStore(),
    connections,
    env: { ...registered.env, CIVITAI_ORIGIN: origin, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
  })
})
afterEach(() => server.close())

/** Somebody who has signed up at the app; answers their id there. */
const signUp = async (name: string) => {
  const browser = new Browser(origin, app.handle)
  const answer = await browser.ask('/api/auth/sign-up/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name, email: `${name}@example.test`, password: 'long enough' }),
  })
  const { user } = (await answer.json()) as { user: { id: string } }
  return { browser, id: user.id }
}

const connect = async (browser: Browser, user: string) => {
  const page = await (await browser.visit('/')).text()
  const path = /href="([^"]+)"/.exec(page)?.[1] ?? ''
  const leaving = await browser.visit(path)
  const back = await browser.visit(await server.approve(leaving.headers.get('location') ?? '', { user }))
  return browser.visit(back.headers.get('location') ?? '')
}

describe('a Civitai account connected beside another login', () => {
  it('is asked for by nobody who is not signed in to the app', async () => {
    expect((await new Browser(origin, app.handle).visit('/')).status).toBe(401)
  })

  it('stays with the person of the app, and works without a request', async () => {
    const { browser, id } = await signUp('grace')
    expect(await (await connect(browser, 'ben')).text()).toBe('grace, your Civitai account is connected.')
    const answer = await app.makePicture(
      id,
      JSON.stringify({ steps: [{ $type: 'textToImage', input: { prompt: 'a cat' } }] }),
    )
    expect(answer.status).toBe(200)
  })

  it('is not taken over by another person of the app', async () => {
    const grace = await signUp('grace')
    await connect(grace.browser, 'ben')
    const mallory = await signUp('mallory')
    expect(await (await connect(mallory.browser, 'ben')).text()).toContain('Connect Civitai')
    expect([...connections.keys()]).toEqual([grace.id])
    await expect(app.makePicture(mallory.id, '{}')).rejects.toMatchObject({ _tag: 'NotSignedIn' })
  })
})
