import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, draft, type World, worldOf } from './support/world.ts'

describe('registering and keeping an app', () => {
  let world: World
  let client: Client
  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
  })
  afterEach(() => world.provider.close())

  it('U9 a confidential app gets a secret, shown once and never again', async () => {
    expect(client.secret).toMatch(/^civitai_secret_[\w-]{43}$/)
    const later = [
      await world.provider.apps.get(world.ada, client.id),
      await world.provider.apps.list(world.ada),
      await world.provider.audit.ofApp(world.ada, client.id),
    ]
    expect(JSON.stringify(later)).not.toContain((client.secret as string).slice('civitai_secret_'.length))
  })

  it('a public app gets none, and can neither prepare nor rotate one', async () => {
    const open = await world.register({ type: 'public' })
    expect(open.secret).toBeNull()
    expect(await world.provider.apps.prepareSecret(world.ada, open.id)).toEqual({ _tag: 'NotConfidential' })
    expect(await world.provider.apps.rotateSecret(world.ada, open.id)).toEqual({ _tag: 'NotConfidential' })
  })

  it('says everything that is wrong at once', async () => {
    const result = await world.provider.apps.register(world.ada, {
      ...draft,
      name: ' ',
      description: 'x'.repeat(501),
      redirectUris: 'nonsense',
      scopes: ['Everything'],
    })
    if (result._tag !== 'Invalid') throw new Error('registered')
    expect(result.problems.map(({ field }) => field)).toEqual(['name', 'description', 'redirectUris', 'scopes'])
  })

  it('U6 keeps names and descriptions as they were typed, whatever they hold', async () => {
    const name = '<b>"Ràdio" \u202e🦊</b>'
    const odd = await world.register({ name, description: "'; DROP TABLE apps; --" })
    expect(await world.provider.apps.get(world.ada, odd.id)).toMatchObject({
      name,
      description: "'; DROP TABLE apps; --",
    })
  })

  it('an edit counts at once, and keeps type and dialect as they were', async () => {
    const edited = await world.provider.apps.edit(world.ada, client.id, 1, {
      ...draft,
      name: 'Radio 2',
      redirectUris: 'https://two.example.com/cb',
      type: 'public',
      dialect: 'quaily',
    })
    expect(edited).toMatchObject({ _tag: 'Edited', app: { name: 'Radio 2', type: 'confidential', version: 2 } })
    const browser = await world.browserOf(world.bob)
    expect((await world.authorize(client, browser)).status).toBe(400)
    const redirect_uri = 'https://two.example.com/cb'
    expect((await world.authorize(client, browser, { redirect_uri })).status).toBe(302)
  })

  it('of two people editing at once the second sees what the first saved', async () => {
    const { apps } = world.provider
    const both = await Promise.all(['One', 'Two'].map((name) => apps.edit(world.ada, client.id, 1, { ...draft, name })))
    // Either may be the first to arrive.
    const first = both.find(({ _tag }) => _tag === 'Edited')
    if (first?._tag !== 'Edited') throw new Error('nobody was first')
    const second = both.find((one) => one !== first)
    expect(second).toMatchObject({ _tag: 'Conflict', app: { name: first.app.name, version: 2 } })
  })

  it("O1 another person's app is not found, whatever is tried", async () => {
    const { apps, audit } = world.provider
    expect(await apps.get(world.bob, client.id)).toBeNull()
    expect((await apps.list(world.bob)).apps).toEqual([])
    expect(await apps.edit(world.bob, client.id, 1, draft)).toEqual({ _tag: 'NotFound' })
    expect(await apps.prepareSecret(world.bob, client.id)).toEqual({ _tag: 'NotFound' })
    expect(await apps.rotateSecret(world.bob, client.id)).toEqual({ _tag: 'NotFound' })
    expect(await apps.delete(world.bob, client.id)).toEqual({ _tag: 'NotFound' })
    expect(await audit.ofApp(world.bob, client.id)).toEqual([])
  })

  it('O3 deleting cuts off people and tokens, says how many, and the log stays readable', async () => {
    const browser = await world.browserOf(world.bob)
    await world.tokensFor(client, browser)
    await world.tokensFor(client, browser)
    expect(await world.provider.apps.get(world.ada, client.id)).toMatchObject({ people: 1, liveTokens: 4 })
    expect(await world.provider.apps.delete(world.ada, client.id)).toEqual({ _tag: 'Deleted', people: 1, tokens: 4 })
    expect(await world.provider.grants.list(world.bob)).toEqual([])
    const log = await world.provider.audit.ofApp(world.ada, client.id)
    expect(log[0]).toMatchObject({ kind: 'app-deleted', detail: { name: 'Radio', people: '1', tokens: '4' } })
    expect(log.map(({ kind }) => kind)).toContain('granted')
  })

  it('is listed newest first, in pages, and found by a part of its name or by its id', async () => {
    for (let number = 0; number < 5; number++) await world.register({ name: `App ${number}` })
    const first = await world.provider.apps.list(world.ada, { limit: 4 })
    expect(first.apps.map(({ name }) => name)).toEqual(['App 4', 'App 3', 'App 2', 'App 1'])
    expect(first.total).toBe(6)
    const rest = await world.provider.apps.list(world.ada, { limit: 4, after: first.next as string })
    expect(rest.apps.map(({ name }) => name)).toEqual(['App 0', 'Radio'])
    expect(rest.next).toBeNull()
    expect((await world.provider.apps.list(world.ada, { query: 'rAd' })).apps).toHaveLength(1)
    expect((await world.provider.apps.list(world.ada, { query: client.id })).apps).toHaveLength(1)
    expect((await world.provider.apps.list(world.ada, { query: '%' })).apps).toHaveLength(0)
  })

  it('verification is a flag with a trace, and changes nothing else', async () => {
    const marked = await world.provider.admin.markApp(client.id, { verified: true })
    expect(marked).toMatchObject({ verified: true, version: 1 })
    expect(await world.provider.audit.ofApp(world.ada, client.id)).toMatchObject([{ kind: 'app-verified' }, {}])
  })
})
