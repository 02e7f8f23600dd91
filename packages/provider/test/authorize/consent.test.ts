import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { authorizePath, type Browser, callback, type Client, issuer, type World, worldOf } from '../support/world.ts'

describe('when the consent form comes back', () => {
  let world: World
  let client: Client
  let browser: Browser
  let request: string

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
    request = world.requestIn(await world.authorize(client, browser))
  })
  afterEach(() => world.provider.close())

  it.each([
    ['no Origin', undefined],
    ['Origin: null', 'null'],
    ['another site', 'https://evil.example'],
    ['another port of localhost', 'http://localhost:3000'],
    ['another name of this machine', 'http://127.0.0.1:4100'],
    ['another scheme', 'https://localhost:4100'],
  ])('U1 it is refused with %s, and nothing is granted', async (_, origin) => {
    const response = await world.post(
      authorizePath,
      { request, approved: 'true' },
      { cookie: browser.cookie, ...(origin === undefined ? {} : { origin }) },
    )
    expect(response.status).toBe(403)
    expect(response.headers.get('location')).toBeNull()
    expect(await world.provider.grants.list(world.bob)).toEqual([])
  })

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
    'U1 as %s it is refused',
    async (type) => {
      const response = await world.answer(browser, request, {}, { 'content-type': type })
      expect(response.status).toBe(400)
      expect(await world.provider.grants.list(world.bob)).toEqual([])
    },
  )

  it('U3 another browser cannot answer it: not a stranger, not another person, not the same person elsewhere', async () => {
    const elsewhere = [
      { person: world.bob, cookie: '' },
      await world.browserOf(world.ada),
      await world.browserOf(world.bob),
    ]
    for (const other of elsewhere) {
      expect((await world.answer(other, request)).status).toBe(400)
      expect(await world.provider.consent(request, other.cookie)).toEqual({ _tag: 'Gone' })
    }
    expect(await world.provider.grants.list(world.bob)).toEqual([])
    expect(world.codeIn(await world.answer(browser, request))).toBeTruthy()
  })

  it('R3 says nothing but yes or no: what it adds to the request changes nothing', async () => {
    const response = await world.answer(browser, request, {
      scope: '33554431',
      redirect_uri: 'https://evil.example/',
      client_id: 'another',
      state: 'another',
      code_challenge: 'x'.repeat(43),
    })
    const back = new URL(response.headers.get('location') as string)
    expect(back.origin + back.pathname).toBe(callback)
    expect(back.searchParams.get('state')).toBe('a-state')
    const tokens = await world.exchange(client, back.searchParams.get('code') as string)
    expect(await tokens.json()).toMatchObject({ scope: '114689' })
  })

  it('R3 an app that lost a permission meanwhile does not get it; one that won some gets no more than was shown', async () => {
    const wide = await world.authorize(client, browser, { scope: '33554431' })
    const edit = (version: number, scopes: readonly string[]) =>
      world.provider.apps.edit(world.ada, client.id, version, {
        name: 'Radio',
        description: '',
        redirectUris: callback,
        scopes,
        type: 'confidential',
        dialect: 'civitai',
      })
    expect(await edit(1, ['BuzzRead', 'ModelsDelete'])).toMatchObject({ _tag: 'Edited' })
    const response = await world.exchange(client, world.codeIn(await world.answer(browser, world.requestIn(wide))))
    expect(await response.json()).toMatchObject({ scope: '65537' })
  })

  it('leads back to the same request, for somebody else to answer it', async () => {
    const found = await world.provider.consent(request, browser.cookie)
    if (found._tag !== 'Pending' || found.view.again === null) throw new Error('gone')
    const ada = await world.browserOf(world.ada)
    const anew = world.requestIn(await world.get(found.view.again, { cookie: ada.cookie }))
    const again = await world.provider.consent(anew, ada.cookie)
    if (again._tag !== 'Pending') throw new Error('gone')
    expect({ ...again.view, request }).toEqual(found.view)
    expect(world.codeIn(await world.answer(ada, anew))).toBeTruthy()
  })

  it('Deny goes back with access_denied, grants nothing and is written down', async () => {
    const response = await world.answer(browser, request, { approved: 'false' })
    const back = new URL(response.headers.get('location') as string)
    expect(response.status).toBe(302)
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('a-state')
    expect(back.searchParams.get('iss')).toBe(issuer)
    expect(await world.provider.grants.list(world.bob)).toEqual([])
    expect(await world.provider.audit.ofPerson(world.bob)).toMatchObject([{ kind: 'refused', clientId: client.id }])
    expect((await world.answer(browser, request)).status).toBe(400)
  })

  it('a doubled Authorize leads to the same place, and to one grant', async () => {
    const [first, second] = await Promise.all([world.answer(browser, request), world.answer(browser, request)])
    expect(second?.headers.get('location')).toBe(first?.headers.get('location'))
    world.clock.advance(31)
    expect((await world.answer(browser, request)).status).toBe(400)
  })

  it('half an hour later it is over', async () => {
    world.clock.advance(30 * 60)
    expect(await world.provider.consent(request, browser.cookie)).toEqual({ _tag: 'Gone' })
    const response = await world.answer(browser, request, {}, { accept: 'text/html' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('This request is over')
  })

  it('is listed under Connected Apps, remembered or not', async () => {
    await world.answer(browser, request, { remember: 'false' })
    expect(await world.provider.grants.list(world.bob)).toMatchObject([
      {
        clientId: client.id,
        appName: 'Radio',
        remembered: false,
        scopes: ['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'],
        buzzLimit: null,
      },
    ])
  })

  it('keeps the buzz limit that was chosen, and refuses one that is none', async () => {
    const limit = [{ type: 'sliding', limit: 5000, unit: 7, window: 'day' }]
    const wrong = await world.answer(browser, request, { buzz_limit: '[{"type":"sliding","limit":-1}]' })
    expect(wrong.status).toBe(400)
    await world.answer(browser, request, { buzz_limit: JSON.stringify(limit) })
    expect(await world.provider.grants.list(world.bob)).toMatchObject([{ buzzLimit: limit }])
  })

  it('U4 an answer that says nothing about the buzz limit leaves it; an empty list takes it away', async () => {
    const limit = [{ type: 'absolute', limit: 100 }]
    const standing = async () => (await world.provider.grants.list(world.bob))[0]?.buzzLimit
    await world.answer(browser, request, { buzz_limit: JSON.stringify(limit) })
    await world.codeFor(client, browser, { prompt: 'consent' })
    expect(await standing()).toEqual(limit)
    await world.codeFor(client, browser, { prompt: 'consent' }, { buzz_limit: '' })
    expect(await standing()).toEqual(limit)
    await world.codeFor(client, browser, { prompt: 'consent' }, { buzz_limit: '[]' })
    expect(await standing()).toBeNull()
  })

  it('does not touch a buzz limit where none was offered', async () => {
    const limit = [{ type: 'absolute', limit: 100 }]
    await world.answer(browser, request, { buzz_limit: JSON.stringify(limit), remember: 'false' })
    await world.codeFor(client, browser, { scope: '1' }, { buzz_limit: '[]' })
    expect(await world.provider.grants.list(world.bob)).toMatchObject([{ buzzLimit: limit }])
  })

  it('O4 grants nothing to an app that was deleted meanwhile', async () => {
    await world.provider.apps.delete(world.ada, client.id)
    expect((await world.answer(browser, request)).status).toBe(400)
    expect(await world.provider.grants.list(world.bob)).toEqual([])
  })
})

describe('while its app is being edited', () => {
  it('X3 both the silent answer and the pressed button say when to try again', async () => {
    const stale = () => Promise.resolve({ _tag: 'Stale' } as const)
    let editing = false
    const storage = {
      open: async (): Promise<Storage> => {
        const real = await sqlite({ memory: true }).open()
        const { recordConsent, approveRemembered } = real.consents
        const consents: Storage['consents'] = {
          ...real.consents,
          recordConsent: (approval) => (editing ? stale() : recordConsent(approval)),
          approveRemembered: (approval) => (editing ? stale() : approveRemembered(approval)),
        }
        return { ...real, consents }
      },
    }
    const world = await worldOf({ storage })
    const client = await world.register()
    const browser = await world.browserOf(world.bob)
    const request = world.requestIn(await world.authorize(client, browser))
    editing = true
    for (const response of [await world.answer(browser, request), await world.authorize(client, browser)]) {
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    }
    editing = false
    expect(world.codeIn(await world.answer(browser, request))).toMatch(/./)
    await world.provider.close()
  })
})
