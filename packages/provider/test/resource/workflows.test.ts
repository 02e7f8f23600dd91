import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import { aiServices, type Browser, type Client, issuer, type World, worldOf } from '../support/world.ts'

const path = '/v2/consumer/workflows'
/** 20 buzz an image. */
const image = (quantity = 1) => ({
  steps: [{ $type: 'imageGen', input: { prompt: 'a cat', quantity } }],
  tags: ['test'],
})

interface Workflow {
  readonly id: string
  readonly status: string
  readonly cost: { readonly total: number }
  readonly steps: readonly { readonly output?: { readonly images: readonly { readonly url: string }[] } }[]
}

describe("when an app spends a person's buzz", () => {
  let world: World
  let client: Client
  let browser: Browser
  let access: string

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
    access = (await world.tokensFor(client, browser)).access_token
  })
  afterEach(() => world.provider.close())

  const submit = (body: unknown, query = '', token = access) =>
    world.provider.fetch(
      new Request(`${issuer}${path}${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  const read = (target: string, token = access) => world.get(target, { authorization: `Bearer ${token}` })
  const balance = async () => {
    const answer = (await (await read('/api/trpc/buzz.getBuzzAccount')).json()) as {
      readonly result: { readonly data: { readonly json: { readonly yellow: number } } }
    }
    return answer.result.data.json.yellow
  }
  const limitTo = (limit: unknown) => world.provider.grants.setBuzzLimit(world.bob, client.id, limit)

  it('the balance is read in both shapes, with BuzzRead only', async () => {
    expect(await (await read('/api/trpc/buzz.getBuzzAccount')).json()).toEqual({
      result: { data: { json: { yellow: 10_000, blue: 0, green: 0 } } },
    })
    expect(await (await read('/api/trpc/buzz.getUserAccount')).json()).toEqual({
      result: { data: { json: [{ id: world.bob.id, balance: 10_000, lifetimeBalance: null, accountType: 'yellow' }] } },
    })
    const narrow = await world.tokensFor(client, browser, { scope: '1' })
    const refused = await read('/api/trpc/buzz.getBuzzAccount', narrow.access_token)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toEqual({
      error: 'insufficient_scope',
      error_description: 'Token does not have BuzzRead scope',
    })
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'H4 a step that is named like a part of every object, %s, has a price like any other',
    async ($type) => {
      const answer = await submit({ steps: [{ $type, input: {} }] })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ cost: { total: 10 } })
      expect(await balance()).toBe(9_990)
    },
  )

  it('an estimate costs nothing and does nothing', async () => {
    const estimate = (await (await submit(image(3), '?whatif=true')).json()) as Workflow
    expect(estimate).toMatchObject({ status: 'unassigned', cost: { total: 60 } })
    expect(await balance()).toBe(10_000)
    expect(await (await read(path)).json()).toEqual({ items: [], next: null })
  })

  it('a submission takes the buzz, works for two seconds and has pictures', async () => {
    const submitted = (await (await submit(image(2))).json()) as Workflow
    expect(submitted).toMatchObject({ id: expect.stringMatching(/^wf_[0-9A-Z]{26}$/), status: 'processing' })
    expect(await balance()).toBe(9_960)
    world.clock.advance(2)
    const done = (await (await read(`${path}/${submitted.id}`)).json()) as Workflow
    expect(done).toMatchObject({ status: 'succeeded', cost: { total: 40 }, tags: ['test'] })
    expect(done.steps[0]?.output?.images).toHaveLength(2)
    const picture = await world.get(new URL(done.steps[0]?.output?.images[0]?.url as string).pathname)
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
    expect(await (await read(path)).json()).toMatchObject({ items: [{ id: submitted.id }] })
  })

  it('whoever waits hears of the end at once; whoever does not wait long enough is told 202', async () => {
    const waited = await submit(image(), '?wait=30')
    expect([waited.status, ((await waited.json()) as Workflow).status]).toEqual([200, 'succeeded'])
    const hurried = await submit(image(), '?wait=1')
    expect([hurried.status, ((await hurried.json()) as Workflow).status]).toEqual([202, 'processing'])
  })

  it('without the permission nothing happens: 403, and which one is missing', async () => {
    const reader = await world.tokensFor(client, browser, { scope: '81921' })
    const refused = await submit(image(), '', reader.access_token)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error_description: 'Token does not have AIServicesWrite scope' })
    expect((await submit(image(), '?whatif=true', reader.access_token)).status).toBe(200)
    expect(await balance()).toBe(10_000)
  })

  it('capped and broke are refused alike: BAD_REQUEST, nothing taken, nothing begun, and written down', async () => {
    await limitTo([{ type: 'sliding', limit: 50, unit: 7, window: 'day' }])
    expect((await submit(image(2))).status).toBe(200)
    const capped = await submit(image(1))
    expect(capped.status).toBe(400)
    const said = await capped.json()
    expect(said).toEqual({ code: 'BAD_REQUEST', message: expect.any(String) })
    await limitTo(null)
    const dear = { steps: Array.from({ length: 20 }, () => ({ $type: 'videoGen', input: { quantity: 20 } })) }
    const broke = await submit(dear)
    expect([broke.status, await broke.json()]).toEqual([400, said])
    expect(await balance()).toBe(9_960)
    expect(await (await read(path)).json()).toMatchObject({ items: [{}] })
    const kinds = (await world.provider.audit.ofPerson(world.bob)).map(({ kind, detail }) => [kind, detail['reason']])
    expect(kinds.slice(0, 1)).toEqual([['spend-refused', 'balance']])
    expect(kinds).toContainEqual(['spend-refused', 'limit'])
  })

  it('a sliding limit has room again when its window has passed', async () => {
    await limitTo([{ type: 'sliding', limit: 20, unit: 24, window: 'hour' }])
    expect((await submit(image())).status).toBe(200)
    expect((await submit(image())).status).toBe(400)
    world.clock.advance(86_400)
    access = (await world.tokensFor(client, browser)).access_token
    expect((await submit(image())).status).toBe(200)
  })

  it('of many spends at once only as many fit as the limit allows', async () => {
    await limitTo([{ type: 'absolute', limit: 100 }])
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(image())))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(await world.provider.grants.list(world.bob)).toMatchObject([{ buzzSpent: [100] }])
  })

  it('T4 F6 a grant removed while its app spends is the end of the token, not of the limit', async () => {
    const source = sqlite({ memory: true })
    const meanwhile: { remove?: () => Promise<unknown> } = {}
    const racing = await worldOf({
      storage: {
        open: async () => {
          const storage = await source.open()
          const spend: typeof storage.wallet.spend = async (input) => {
            await meanwhile.remove?.()
            return storage.wallet.spend(input)
          }
          return { ...storage, wallet: { ...storage.wallet, spend } }
        },
      },
    })
    const app = await racing.register()
    const { access_token } = await racing.tokensFor(app, await racing.browserOf(racing.bob))
    meanwhile.remove = () => racing.provider.grants.revoke(racing.bob, app.id)
    const refused = await racing.provider.fetch(
      new Request(issuer + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        body: JSON.stringify(image()),
      }),
    )
    expect([refused.status, await racing.outcome(refused)]).toEqual([401, 'invalid_token'])
    await racing.provider.close()
  })

  it('the limit chosen at consent counts', async () => {
    const limit = JSON.stringify([{ type: 'absolute', limit: 20 }])
    await world.codeFor(client, browser, { prompt: 'consent' }, { buzz_limit: limit })
    expect((await submit(image())).status).toBe(200)
    expect((await submit(image())).status).toBe(400)
  })

  it("an own token of the app spends its owner's buzz", async () => {
    const own = await world.post('/api/auth/oauth/token', {
      grant_type: 'client_credentials',
      ...world.credentials(client),
    })
    const { access_token } = (await own.json()) as { readonly access_token: string }
    expect((await submit(image(), '', access_token)).status).toBe(200)
    expect(await balance()).toBe(10_000)
  })

  it("another person's workflow is not found", async () => {
    const { id } = (await (await submit(image())).json()) as Workflow
    const other = await world.tokensFor(client, await world.browserOf(world.ada), { scope: aiServices })
    expect((await read(`${path}/${id}`, other.access_token)).status).toBe(404)
  })

  it.each(['', '{', '[]', '{}', '{"steps":[]}', '{"steps":[{"input":{}}]}', '{"steps":[{"$type":1,"input":{}}]}'])(
    'H4 the body %j is 400',
    async (body) => {
      expect((await submit(body)).status).toBe(400)
      expect(await balance()).toBe(10_000)
    },
  )

  it('a limit that is none is refused with what is wrong', async () => {
    expect(await limitTo([{ type: 'sliding', limit: 0 }])).toMatchObject({ _tag: 'Invalid' })
    expect(await world.provider.grants.setBuzzLimit(world.ada, client.id, null)).toEqual({ _tag: 'NotFound' })
  })
})
