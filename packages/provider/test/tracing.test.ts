import { describe, expect, it } from 'vitest'
import { createProvider, type Storage, StorageUnavailable } from '../src/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { type KeptSpan, memoryTracer } from './support/tracer.ts'
import { authorizePath, issuer, tokenPath, type World, worldOf } from './support/world.ts'

const traced = async () => {
  const { tracer, spans } = memoryTracer()
  const world = await worldOf({ tracer })
  return { world, spans }
}

/** The spans of requests, each with what its storage did. */
const requestsIn = (spans: readonly KeptSpan[]) =>
  spans
    .filter(({ kind }) => kind === 1)
    .map((span) => ({ span, children: spans.filter(({ parent }) => parent === span) }))

const lastOf = (spans: readonly KeptSpan[]) => {
  const last = requestsIn(spans).at(-1)
  if (last === undefined) throw new Error('no request')
  return last
}

describe('a request, where a tracer is handed in', () => {
  it('is one span that says route, status, dialect and app, and its storage operations are children', async () => {
    const { world, spans } = await traced()
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    await world.refresh(client, tokens.refresh_token)
    const { span, children } = lastOf(spans)
    expect(span).toMatchObject({ name: 'POST token', parent: undefined, failed: false, ended: 1 })
    expect(span.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': 'token',
      'http.response.status_code': 200,
      'oauth.dialect': 'civitai',
      'oauth.client_id': client.id,
    })
    expect(children.at(-1)).toMatchObject({
      name: 'storage tokens.rotateRefreshToken',
      attributes: { 'storage.result': 'Rotated' },
      ended: 1,
    })
    await world.provider.close()
  })

  it('knows the app of a bearer, also on the quick way', async () => {
    const { world, spans } = await traced()
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    await world.userinfo(tokens.access_token)
    expect(lastOf(spans).span.attributes).toMatchObject({ 'http.route': 'userinfo', 'oauth.client_id': client.id })
    await world.provider.close()
  })

  it('of an introspection names the app that asks, not the one asked about', async () => {
    const { tracer, spans } = memoryTracer()
    const world = await worldOf({ tracer })
    const [client, asking] = [await world.register(), await world.register()]
    const { access_token: token } = await world.tokensFor(client, await world.browserOf(world.bob))
    await world.post('/api/auth/oauth/introspect', { token, ...world.credentials(asking) })
    expect(lastOf(spans).span.attributes).toMatchObject({ 'oauth.client_id': asking.id })
    await world.provider.close()
  })

  it('keeps its children where many requests are answered at once', async () => {
    const { world, spans } = await traced()
    const clients = await Promise.all(Array.from({ length: 8 }, () => world.register()))
    const browser = await world.browserOf(world.bob)
    const first = spans.length
    await Promise.all(clients.map((client) => world.authorize(client, browser)))
    const requests = requestsIn(spans.slice(first))
    expect(requests).toHaveLength(8)
    expect(new Set(requests.map(({ span }) => span.attributes['oauth.client_id'])).size).toBe(8)
    for (const { children } of requests)
      expect(children.map(({ name }) => name)).toEqual([
        'storage sessions.find',
        'storage apps.find',
        'storage consents.approveRemembered',
        'storage consents.keep',
      ])
    await world.provider.close()
  })

  it('belongs to the dialect whose path it took, and to none where there is nothing', async () => {
    const { world, spans } = await traced()
    await world.get('/quaily/api/users/me')
    expect(lastOf(spans).span).toMatchObject({ name: 'GET quaily', attributes: { 'oauth.dialect': 'quaily' } })
    await world.get('/api/nothing')
    expect(lastOf(spans).span.attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 404 })
    await world.get('/healthz')
    expect(lastOf(spans).span.attributes).not.toHaveProperty('oauth.dialect')
    await world.provider.close()
  })

  it('has failed where the database did not answer', async () => {
    const { tracer, spans } = memoryTracer()
    const find = () => Promise.reject(new StorageUnavailable(new Error('canary')))
    const open = async (): Promise<Storage> => {
      const storage = await sqlite({ memory: true }).open()
      return { ...storage, tokens: { ...storage.tokens, find } }
    }
    const provider = await createProvider({ issuer, storage: { open }, tracer })
    const headers = { authorization: 'Bearer civitai_x' }
    await provider.fetch(new Request(`${issuer}/api/auth/oauth/userinfo`, { headers }))
    const { span, children } = lastOf(spans)
    expect(span).toMatchObject({ failed: true, attributes: { 'http.response.status_code': 503 } })
    expect(children.at(-1)).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'StorageUnavailable' },
      ended: 1,
    })
    await provider.close()
  })
})

describe('what a trace holds', () => {
  /** A whole sign-in, and every way to send what is no answer's business. */
  const walk = async (world: World): Promise<readonly string[]> => {
    const client = await world.register()
    const browser = await world.browserOf(world.bob)
    const request = world.requestIn(await world.authorize(client, browser))
    const code = world.codeIn(await world.answer(browser, request))
    const tokens = (await (await world.exchange(client, code)).json()) as Readonly<Record<string, string>>
    await world.refresh(client, tokens['refresh_token'] as string)
    await world.userinfo(tokens['access_token'] as string)
    const canary = 'canary-'.repeat(8)
    await world.exchange(client, canary)
    await world.refresh(client, canary)
    await world.userinfo(canary)
    await world.post(tokenPath, { grant_type: 'refresh_token', refresh_token: canary, client_id: canary })
    await world.post(`${tokenPath}?client_secret=${canary}`, { grant_type: canary })
    await world.get(`${authorizePath}?client_id=${canary}&state=${canary}`, { cookie: `canary=${canary}` })
    await world.get(`/api/${canary}`)
    await world.provider.fetch(new Request(`${issuer}${tokenPath}`, { method: 'CANARY' }))
    return [client.secret as string, browser.cookie.split('=')[1] as string, request, code, ...Object.values(tokens)]
  }

  it('T6 is no token, code, secret, session or anything else that a caller wrote', async () => {
    const { world, spans } = await traced()
    const given = await walk(world)
    const text = spans.map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`).join('\n')
    expect(requestsIn(spans).length).toBeGreaterThanOrEqual(13)
    expect(text).toContain('"oauth.client_id"')
    expect(text.toLowerCase()).not.toContain('canary')
    for (const value of given.filter((one) => String(one).length >= 43)) expect(text).not.toContain(value)
    for (const { ended } of spans) expect(ended).toBe(1)
    await world.provider.close()
  })
})
