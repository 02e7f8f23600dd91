/** Where doubles prove nothing: what the caches of a real Nuxt server keep of a person, and what its HTML says of them. */
import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltNuxt, type Person, build, output, startBuilt } from './built.ts'

let provider: TestServer
let app: BuiltNuxt
let below: BuiltNuxt
let ben: Person

beforeAll(async () => {
  ;[provider] = await Promise.all([startProvider(), build()])
  ;[app, below] = await Promise.all([startBuilt(provider), startBuilt(provider, '/app/')])
  ben = await app.signedIn('ben')
}, 180_000)

afterAll(async () => {
  app?.close()
  below?.close()
  await provider?.close()
})

describe('a page of one person', () => {
  it('knows them, with all it asks for on the way', async () => {
    const text = await (await ben.visit('/mine')).text()
    expect(text).toContain('<p id="who">ben</p>')
    expect(text).toContain('mine: ben')
  })

  it('tells nobody else who they are, in whatever order people come', async () => {
    const ada = await app.signedIn('ada')
    const pages = [ben, ada, app.anybody(), ben, ada].map(async (person) => (await person.visit('/mine')).text())
    const seen = (await Promise.all(pages)).map((text) => /<p id="who">([^<]*)/.exec(text)?.[1])
    expect(seen).toEqual(['ben', 'ada', 'signed-out', 'ben', 'ada'])
  })

  it('stays out of shared caches, though a route rule says otherwise', async () => {
    const { headers } = await ben.visit('/public')
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private', 'Cookie'])
    const { headers: forAnybody } = await app.anybody().visit('/public')
    expect([forAnybody.get('cache-control'), forAnybody.get('vary')]).toEqual(['public, s-maxage=600', 'Cookie'])
  })

  it('shows a name that is markup as text, and no script of it runs', async () => {
    const username = '</script><script>alert(1)</script><!--'
    await provider.provider.admin.createPerson({ username })
    const eve = await app.signedIn(username)
    const text = await (await eve.visit('/mine')).text()
    expect(text).toContain('&lt;/script&gt;&lt;script&gt;alert(1)')
    expect(text).not.toContain('<script>alert')
  })
})

describe('an answer that Nitro keeps for everyone', () => {
  it.each([
    ['a page kept by a rule', '/swr'],
    ['in another spelling', '/swr/'],
    ['in another', '/%73wr'],
    ['in one with two slashes', '//swr'],
    ['with a query', '/swr?a=1'],
    ['its payload', '/swr/_payload.json'],
    ['a page below a rule', '/deep/a'],
    ['its payload too', '/deep/a/_payload.json'],
    ['a route kept by a rule', '/api/cached'],
    ['a route kept by its own handler', '/api/wrapped'],
  ])('never shows Ben to anybody: %s', async (_, path) => {
    await (await ben.visit(path)).text()
    const answer = await app.anybody().visit(path)
    expect([answer.status, (await answer.text()).includes('ben'), answer.headers.getSetCookie()]).toEqual([
      200,
      false,
      [],
    ])
  })

  it('knows nobody even while it is made for a page of Ben', async () => {
    const text = await (await ben.visit('/fresh')).text()
    expect(text).toContain('cached: nobody')
    expect(text).toContain('wrapped: nobody')
  })

  it('knows nobody either in what it asks of its own server', async () => {
    for (const path of ['/isr', '/swr']) {
      const text = await (await ben.visit(path)).text()
      expect(text).toContain('<p id="who">unknown</p>')
      expect(text).toContain('mine: nobody')
    }
  })

  it('does not keep a renewal from reaching the browser', async () => {
    const ada = await app.signedIn('ada')
    provider.advance(3_590)
    await (await ada.visit('/swr')).text()
    expect(await (await ada.visit('/mine')).text()).toContain('<p id="who">ada</p>')
  })
})

describe('a request', () => {
  it('H4 gets a clear 400 for a Host that is no address', async () => {
    const answer = await new Promise<string>((resolve) => {
      let heard = ''
      const { port } = new URL(app.origin)
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /mine HTTP/1.1\r\nHost: a b\r\nAccept: application/json\r\nConnection: close\r\n\r\n'),
      )
      socket.on('data', (chunk) => (heard += chunk)).on('close', () => resolve(heard))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*Host header/)
  })
})

describe('an app below a base', () => {
  it('has our routes there, and comes back there', async () => {
    const person = below.anybody()
    const leaving = await person.visit('/app/guarded?n=1')
    expect(leaving.headers.get('location')).toBe('/app/oauth/sign-in?returnTo=%2Fapp%2Fguarded%3Fn%3D1&scopes=UserRead')
    const away = await person.visit(leaving.headers.get('location') ?? '')
    const back = await person.visit(await provider.approve(away.headers.get('location') ?? ''))
    expect(back.headers.get('location')).toBe('/app/guarded?n=1')
    expect(await (await person.visit('/app/guarded?n=1')).text()).toContain('<p id="who">ben</p>')
  })

  it('draws components that lead there, too', async () => {
    const text = await (await (await below.signedIn('ben')).visit('/app/guarded?n=1')).text()
    expect(text).toContain('href="/app/oauth/sign-in?returnTo=%2Fapp%2Fguarded%3Fn%3D1&amp;scopes=AIServicesWrite"')
    expect(text).toContain(
      '<form method="post" action="/app/oauth/sign-out"><input type="hidden" name="returnTo" value="/bye">',
    )
    expect(text).toContain('data-scope="BuzzRead">View buzz balance &amp; history')
  })
})

describe('a build', () => {
  it('holds nothing of the tab in DevTools', async () => {
    const files = readdirSync(join(output, 'server'), { recursive: true, encoding: 'utf8' })
    const ours = files.filter((file) => file.endsWith('.mjs') && !file.includes('node_modules'))
    expect(ours.length).toBeGreaterThan(5)
    const holding = ours.filter((file) =>
      readFileSync(join(output, 'server', file), 'utf8').includes('__civitai-oauth'),
    )
    expect(holding).toEqual([])
    const answer = await app.anybody().visit('/__civitai-oauth/state')
    expect(await answer.text()).not.toContain('redirectUri')
  })
})

describe('what a browser loads', () => {
  it('holds none of the server', () => {
    const folder = join(output, 'public/_nuxt')
    const all = readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
    expect(all.filter((text) => /CIVITAI_SESSION_SECRET|code_verifier/.test(text))).toEqual([])
  })
})
