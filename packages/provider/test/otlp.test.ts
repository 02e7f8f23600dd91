import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { otlpTracer } from '../src/otlp.ts'
import { aiServices, type Tokens, worldOf } from './support/world.ts'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string>> }[]
}

interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

describe('spans that are sent to a collector', () => {
  let collector: Server
  let url: string
  let said: { readonly path: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }[]
  let answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

  beforeEach(async () => {
    said = []
    answer = { status: 200 }
    collector = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      said.push({ path: request.url, headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end('{}')
    })
    await new Promise<void>((ready) => collector.listen(0, '127.0.0.1', ready))
    url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`
  })
  afterEach(() => void collector.close())

  const spansIn = (): readonly Span[] =>
    said
      .map(({ body }) => JSON.parse(body) as Batch)
      .flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      )

  it('T6 say which request and which of its storage operations, when and for which app, and hold no secret', async () => {
    const { tracer, close } = await otlpTracer({
      url,
      serviceName: 'sign-in',
      headers: { 'x-key': 'of the collector' },
    })
    const world = await worldOf({ tracer })
    const client = await world.register()
    const browser = await world.browserOf(world.bob)
    const code = await world.codeFor(client, browser, { state: 'canary-state' })
    const tokens = (await (await world.exchange(client, code)).json()) as Tokens
    await world.refresh(client, tokens.refresh_token)
    await world.userinfo(tokens.access_token)
    await world.post('/api/auth/oauth/token', { grant_type: 'canary', client_id: 'canary', client_secret: 'canary' })
    await world.provider.close()
    await close()

    expect(said[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'of the collector' } })
    expect(said[0]?.headers['content-type']).toContain('application/json')
    const [resource] = (JSON.parse(said[0]?.body ?? '') as Batch).resourceSpans
    expect(resource?.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'sign-in' } })

    const spans = spansIn()
    const refreshed = spans.filter(({ name }) => name === 'POST token')[1] as Span
    expect(refreshed.kind).toBe(2)
    expect(refreshed).not.toHaveProperty('parentSpanId')
    expect(refreshed.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(refreshed.spanId).toMatch(/^[0-9a-f]{16}$/)
    expect(BigInt(refreshed.endTimeUnixNano) >= BigInt(refreshed.startTimeUnixNano)).toBe(true)
    expect(refreshed.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '200' } })
    expect(refreshed.attributes).toContainEqual({ key: 'oauth.client_id', value: { stringValue: client.id } })
    const rotation = spans.find(({ name }) => name === 'storage tokens.rotateRefreshToken')
    expect(rotation).toMatchObject({ kind: 1, traceId: refreshed.traceId, parentSpanId: refreshed.spanId })

    const everything = said.map(({ body }) => body).join('')
    const secrets = [code, tokens.access_token, tokens.refresh_token, client.secret, browser.cookie.split('=')[1]]
    for (const secret of [...secrets, 'canary', aiServices]) expect(everything).not.toContain(secret)
  })

  it.each([
    ['says no', { status: 400 }],
    ['leads elsewhere', { status: 307, headers: { location: '/elsewhere' } }],
  ])('are lost where the collector %s: no request is, and its key goes nowhere else', async (_, given) => {
    answer = given
    const { tracer, close } = await otlpTracer({ url, serviceName: 'sign-in', everyMs: 1, graceMs: 1 })
    const world = await worldOf({ tracer })
    for (let time = 0; time < 3; time++) {
      expect((await world.get('/healthz')).status).toBe(200)
      await expect.poll(() => said.length).toBeGreaterThan(0)
    }
    await world.provider.close()
    await close()
    expect(said.map(({ path }) => path)).not.toContain('/elsewhere')
  })

  it('keep nobody waiting where there is no collector', async () => {
    collector.close()
    const { tracer, close } = await otlpTracer({
      url: 'http://127.0.0.1:1/v1/traces',
      serviceName: 'x',
      everyMs: 1,
      graceMs: 1,
    })
    const world = await worldOf({ tracer })
    expect((await world.get('/healthz')).status).toBe(200)
    await world.provider.close()
    await close()
  })
})
