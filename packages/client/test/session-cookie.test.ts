import { once } from 'node:events'
import { type IncomingMessage, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { App, sessionSecret } from './app.ts'
import { Browser } from './browser.ts'
import { alwaysAsync, patience } from './property.ts'

const cookiesOf = (app: App) => [...app.browser.jar].filter(([name]) => !name.includes('-tx-'))
const other = 'another session secret that is just as long'

describe('the session cookie', () => {
  it('is small', async () => {
    const app = new App()
    await app.signIn()
    const [[name, value] = ['', '']] = cookiesOf(app)
    expect(name.length + value.length).toBeLessThan(450)
  })

  it('K4 is "signed out", never an exception, with any character of it changed', { timeout: patience }, async () => {
    const app = new App()
    await app.signIn()
    const [[name, value] = ['', '']] = cookiesOf(app)
    const character = fc.constantFrom('A', 'b', '-', '_', '.', '9', '=', ' ', 'é')
    await alwaysAsync(fc.tuple(fc.nat(value.length - 1), character), async ([at, other]) => {
      const changed = value.slice(0, at) + other + value.slice(at + 1)
      const thief = new Browser('https://app.test', app.handle)
      thief.jar.set(name, encodeURI(changed))
      return (await app.session(thief))['status'] === (changed === value ? 'signed-in' : 'signed-out')
    })
  })

  it('K3 is not made of an attempt, nor an attempt of it', async () => {
    const app = new App()
    await app.browser.visit('/oauth/sign-in')
    const [[attempt, sealed] = ['', '']] = [...app.browser.jar]
    const thief = new Browser('https://app.test', app.handle)
    thief.jar.set(attempt.replace(/-tx-.*/, ''), sealed)
    expect(await app.session(thief)).toEqual({ status: 'signed-out' })
  })

  it('K11 opens after the session secret was rotated, and nobody is signed out', async () => {
    const app = new App()
    await app.signIn()
    const clock = app.clock
    const rotated = new App({ sessionSecret: [other, sessionSecret] }, { server: app.server, clock })
    for (const [name, value] of app.browser.jar) rotated.browser.jar.set(name, value)
    expect(await rotated.session()).toMatchObject({ status: 'signed-in' })
    clock.now += 3_600_000
    await rotated.browser.visit('/')
    const after = new App({ sessionSecret: other }, { server: app.server, clock })
    for (const [name, value] of rotated.browser.jar) after.browser.jar.set(name, value)
    expect(await after.session()).toMatchObject({ status: 'signed-in' })
  })

  it('K11 takes lists of secrets from the environment, newest first', async () => {
    const app = new App()
    await app.signIn()
    const rotated = new App(
      { sessionSecret: undefined as never, env: { CIVITAI_SESSION_SECRET: `${other}, ${sessionSecret}` } },
      { server: app.server, clock: app.clock },
    )
    for (const [name, value] of app.browser.jar) rotated.browser.jar.set(name, value)
    expect(await rotated.session()).toMatchObject({ status: 'signed-in' })
  })

  it('is cut into chunks when it is large, and whole again when it is not', async () => {
    const app = new App()
    app.server.user = { ...app.server.user, picture: `https://image.test/${'x'.repeat(8_000)}` }
    await app.signIn()
    expect(cookiesOf(app).map(([name]) => name.slice(-2))).toEqual(['.0', '.1', '.2', '.3'])
    for (const [name, value] of cookiesOf(app)) expect(name.length + value.length).toBeLessThanOrEqual(4_096)
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
    app.server.user = { ...app.server.user, picture: undefined }
    await app.signIn()
    expect(cookiesOf(app)).toHaveLength(1)
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('is "signed out" with a chunk missing', async () => {
    const app = new App()
    app.server.user = { ...app.server.user, picture: 'x'.repeat(8_000) }
    await app.signIn()
    const [, [second] = ['']] = cookiesOf(app)
    app.browser.jar.delete(second)
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('reaches a Node server beside five attempts and what a browser sends, however large it is', async () => {
    const app = new App()
    vi.spyOn(console, 'error').mockReturnValue()
    let length = 12_000
    const takes = async () => {
      app.server.user = { ...app.server.user, picture: 'x'.repeat(length) }
      return (await app.signIn()).status !== 500
    }
    while (!(await takes())) length -= 50
    expect(cookiesOf(app)).toHaveLength(4)
    for (let tab = 0; tab < 5; tab++) await app.browser.visit(`/oauth/sign-in?returnTo=/gallery?page=${tab}`)
    const server = createServer(async ({ headers: { cookie = '' } }, answer) => {
      const response = await app.handle(app.browser.request('/oauth/session', { headers: { cookie } }))
      answer.writeHead(response.status).end(await response.text())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as AddressInfo
      const asked = request({
        port,
        host: '127.0.0.1',
        headers: { cookie: app.browser.cookie(), 'x-ordinary': 'x'.repeat(1_000) },
      })
      const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage]
      expect([answer.statusCode, await json(answer)]).toEqual([200, expect.objectContaining({ status: 'signed-in' })])
    } finally {
      server.close()
    }
  })

  it('names its biggest field when it is too large for four', async () => {
    const app = new App()
    app.server.user = { ...app.server.user, picture: 'x'.repeat(12_000) }
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const answer = await app.signIn()
    expect(log).toHaveBeenCalledWith(expect.stringContaining('Its biggest field is `picture`'))
    expect([answer.status, (await answer.text()).includes('session_too_large')]).toEqual([500, true])
    expect(cookiesOf(app)).toEqual([])
  })

  it('has another name for another app, because ports do not separate cookies', async () => {
    const one = new App({ origin: 'http://localhost:4101' })
    const two = new App({ origin: 'http://localhost:4102', basePath: '/login' })
    await one.browser.visit('/oauth/sign-in')
    await two.browser.visit('/login/sign-in')
    const name = (app: App) => [...app.browser.jar.keys()][0]?.slice(0, 16)
    expect(name(one)).not.toBe(name(two))
  })

  it.each([
    ['another app', { clientId: 'app-2' }],
    ['another server', { issuer: 'https://other.test' }],
  ])('K3 is nobody at %s that shares the secret: its people are not ours', async (_, other) => {
    const app = new App()
    await app.signIn()
    const elsewhere = new App(other)
    await elsewhere.browser.visit('/oauth/sign-in')
    const nameOf = ({ browser }: App, part: string) => [...browser.jar.keys()].find((name) => name.includes(part)) ?? ''
    const theirs = nameOf(elsewhere, '-tx-').replace(/-tx-.*/, '')
    elsewhere.browser.jar.set(theirs, app.browser.jar.get(cookiesOf(app)[0]?.[0] ?? '') ?? '')
    expect(await elsewhere.session()).toEqual({ status: 'signed-out' })
  })

  it('K3 never shows a token to a browser', async () => {
    const app = new App()
    const back = await app.signIn()
    const seen = [await app.session(), [...back.headers], app.events]
    expect(JSON.stringify(seen)).not.toMatch(/access-\d|refresh-\d|code-\d|secret-\d/)
  })
})
