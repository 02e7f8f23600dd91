import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Session, civitaiAuth } from '../src/index.ts'

/** SvelteKit builds in a worker with this in its environment. */
beforeEach(() => vi.stubEnv('SVELTEKIT_FORK', 'true'))
afterEach(() => vi.unstubAllEnvs())

const prerender = async () => {
  // No client id, no secret: a build has none.
  const { handle } = civitaiAuth({ env: {} })
  const event = { request: new Request('http://sveltekit-prerender/how'), locals: {} as { civitai: Session } }
  const response = await handle({ event, resolve: () => new Response('how') })
  return { event, response }
}

describe('a page that is prerendered', () => {
  it('needs no secret, and is made for nobody in particular', async () => {
    const { event, response } = await prerender()
    expect(await response.text()).toBe('how')
    expect(event.locals.civitai.view).toEqual({ status: 'unknown' })
  })

  it('sets no cookie that a cache would give to everyone', async () => {
    const { response } = await prerender()
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('fails the build where it needs a person, and says why', async () => {
    const { event } = await prerender()
    expect(() => event.locals.civitai.requireScopes('UserRead')).toThrow('prerendered')
    expect(() => event.locals.civitai.fetch('/api/v1/me')).toThrow('prerendered')
  })

  it('lets its own requests through as they are', async () => {
    const { handleFetch } = civitaiAuth({ env: {} })
    const { event } = await prerender()
    const request = new Request('https://civitai.com/api/v1/models')
    const fetched = vi.fn(async () => new Response())
    await handleFetch({ event, request, fetch: fetched })
    expect(fetched).toHaveBeenCalledWith(request)
  })
})
