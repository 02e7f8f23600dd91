/** Spans, through OpenTelemetry's own SDK: what they say, how they hang together, and what they never hold. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, ROOT_CONTEXT, SpanStatusCode, context } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Options } from '../src/options.ts'
import { memoryStore } from '../src/store/memory.ts'
import { App, sessionSecret } from './app.ts'
import { clientSecret } from './fake-server.ts'

/** The SDK leaves it to the host how a context goes on behind an await. */
const storage = new AsyncLocalStorage<Context>()
const manager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (context, run, self, ...args) => storage.run(context, () => run.call(self, ...args)),
  bind: (_, target) => target,
  enable: () => manager,
  disable: () => manager,
}

const exporter = new InMemorySpanExporter()
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('test')
beforeEach(() => {
  context.setGlobalContextManager(manager)
  exporter.reset()
})
afterEach(() => context.disable())

const traced = (options: Partial<Options> = {}) => new App({ tracer, ...options })
const spans = () => exporter.getFinishedSpans()
const named = (name: string): ReadableSpan => {
  const found = spans().find((span) => span.name === name)
  if (found === undefined)
    throw new Error(
      `There is no span ${name} among ${spans()
        .map((span) => span.name)
        .join(', ')}.`,
    )
  return found
}
const parentOf = (span: ReadableSpan) =>
  spans().find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId)

describe('with a tracer', () => {
  it('tells a sign-in, with the calls that it took as children', async () => {
    const app = traced()
    await app.signIn()
    expect(spans().map(({ name }) => name)).toEqual([
      'oauth sign-in',
      'oauth exchange',
      'oauth userinfo',
      'oauth callback',
    ])
    for (const name of ['oauth exchange', 'oauth userinfo']) expect(parentOf(named(name))?.name).toBe('oauth callback')
    expect(named('oauth callback').attributes).toEqual({
      'oauth.dialect': 'civitai',
      'oauth.client_id': 'app-1',
      'app.host': 'app.test',
      'http.response.status_code': 303,
    })
    expect(named('oauth exchange').attributes).toMatchObject({
      'server.address': 'auth.test',
      'oauth.outcome': 'granted',
    })
  })

  it('tells a refresh that was refused, and one that found nobody', async () => {
    const app = traced()
    await app.signIn()
    app.later(3_600_000)
    app.server.faults.push({ kind: 'status', status: 503 })
    await app.browser.visit('/')
    const busy = named('oauth refresh')
    expect([busy.attributes['oauth.outcome'], busy.attributes['error.type'], busy.status.code]).toEqual([
      'unavailable',
      'Unavailable',
      SpanStatusCode.ERROR,
    ])
    exporter.reset()
    app.server.end()
    app.later(3_600_000)
    await app.browser.visit('/')
    expect(named('oauth refresh').attributes).toMatchObject({
      'oauth.outcome': 'refused',
      'oauth.error': 'invalid_grant',
    })
  })

  it('tells a call of the API and what it threw, without its path', async () => {
    const app = traced()
    await app.signIn()
    app.page = (session) => session.fetch('/api/v1/me?needs=ModelsWrite')
    await app.browser.ask('/')
    const span = named('api GET')
    expect([span.attributes['server.address'], span.attributes['error.type']]).toEqual(['api.test', 'ScopesMissing'])
    exporter.reset()
    app.page = (session) => session.fetch('/api/v1/me', { method: 'PROPFIND' })
    await app.browser.ask('/')
    expect(named('api _OTHER').attributes).toMatchObject({ 'http.response.status_code': 200 })
  })

  it('tells a sign-out and its revocation, and the callback that failed', async () => {
    const app = traced()
    await app.signIn()
    await app.browser.submit('/oauth/sign-out')
    expect(named('oauth revoke').attributes['oauth.outcome']).toBe('granted')
    expect(parentOf(named('oauth revoke'))?.name).toBe('oauth sign-out')
    exporter.reset()
    await app.browser.visit('/oauth/callback?code=a&state=b')
    expect(named('oauth callback').attributes).toMatchObject({
      'error.type': 'StateMismatch',
      'http.response.status_code': 400,
    })
  })

  it('tells work without a request: a person from the store, and the app itself', async () => {
    const clock = { now: 1_700_000_000_000 }
    const app = new App({ tracer, store: memoryStore(() => clock.now) }, { clock })
    await app.signIn()
    exporter.reset()
    await (await app.auth.forUser('7')).fetch('/api/v1/me')
    await (await app.auth.asOwner()).accessToken()
    expect(spans().map(({ name }) => name)).toEqual(['api GET', 'oauth owner'])
  })

  it('T6 holds no token, code, state, secret, cookie or query in any span', async () => {
    const canaries = new Set([clientSecret, sessionSecret, 'canary-path', 'canary-query', 'canary-error'])
    const app = traced()
    vi.spyOn(console, 'error').mockReturnValue()
    const leaving = await app.browser.visit('/oauth/sign-in?returnTo=/canary-path')
    const address = new URL(leaving.headers.get('location') as string)
    for (const name of ['state', 'code_challenge']) canaries.add(address.searchParams.get(name) as string)
    const back = app.server.approve(address.href)
    canaries.add(new URL(back).searchParams.get('code') as string)
    await app.browser.visit(`${back}&more=canary-query`)
    app.page = async (session) => {
      canaries.add(await session.accessToken().catch(() => 'canary-query'))
      return session.fetch('/canary-path?q=canary-query').catch(() => new Response(''))
    }
    await app.browser.visit('/?q=canary-query')
    app.later(3_600_000)
    await app.browser.visit('/')
    app.server.faults.push(
      { kind: 'answer', status: 400, body: { error: 'canary-error with spaces', error_description: 'canary-error' } },
      { kind: 'malformed' },
    )
    app.later(3_600_000)
    await app.browser.visit('/')
    app.later(3_600_000)
    await app.browser.visit('/')
    await app.browser.visit('/oauth/callback?error=canary-error&state=canary-query')
    for (const value of app.browser.jar.values()) canaries.add(value)
    for (const token of [...app.server.refreshTokens.keys(), ...app.server.accessTokens.keys()]) canaries.add(token)
    await app.browser.submit('/oauth/sign-out')
    const said = JSON.stringify(
      spans().map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
    )
    expect(spans().length).toBeGreaterThan(10)
    for (const canary of canaries) expect(said).not.toContain(canary)
  })
})
