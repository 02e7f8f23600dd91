import { describe, expect, it } from 'vitest'
import { App } from './app.ts'

const caching = (cacheControl?: string, more: Record<string, string> = {}) => ({
  headers: { ...(cacheControl !== undefined && { 'cache-control': cacheControl }), ...more },
})

/** What an app's page says of caches, and what leaves for Ben, who is signed in. */
const leavesFor = async (given: ResponseInit) => {
  const app = new App()
  await app.signIn()
  app.page = ({ status }) => new Response(status, given)
  const { headers } = await app.browser.visit('/')
  return headers
}

describe('an answer made by looking at who asked', () => {
  it.each([
    ['public, max-age=600', 'private, max-age=600'],
    ['max-age=600, s-maxage=3600, stale-while-revalidate', 'private, max-age=600, stale-while-revalidate'],
    ['s-maxage=600', 'private'],
    [undefined, 'private'],
    ['private, max-age=60', 'private, max-age=60'],
    ['no-store', 'no-store'],
  ])('is for one browser only: %s', async (said, sent) => {
    const headers = await leavesFor(caching(said))
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual([sent, 'Cookie'])
  })

  it('is not kept by a content network that reads a header of its own', async () => {
    const headers = await leavesFor(
      caching('public', { 'cdn-cache-control': 'max-age=60', 'netlify-cdn-cache-control': 'public' }),
    )
    expect([headers.get('cdn-cache-control'), headers.get('netlify-cdn-cache-control')]).toEqual([null, null])
  })

  it.each([
    ['Accept-Encoding', 'Accept-Encoding, Cookie'],
    ['Accept, cookie', 'Accept, cookie'],
    ['*', '*'],
  ])('says that it varies with the cookie, once: %s', async (said, sent) => {
    expect((await leavesFor(caching('no-store', { vary: said }))).get('vary')).toBe(sent)
  })

  it('may be kept where nobody is signed in, for requests without a cookie', async () => {
    const app = new App()
    app.page = ({ status }) => new Response(status, caching('public, max-age=600'))
    const { headers } = await app.browser.visit('/')
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['public, max-age=600', 'Cookie'])
  })
})

describe('an answer that is the same for everyone', () => {
  it('is kept as the app says, whoever asked', async () => {
    const app = new App()
    await app.signIn()
    app.page = () => new Response('a picture', caching('public, max-age=31536000, immutable'))
    const { headers } = await app.browser.visit('/')
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['public, max-age=31536000, immutable', null])
  })
})

describe('where a framework has no `next`', () => {
  it('tells the headers the same', async () => {
    const app = new App()
    await app.signIn()
    const visit = await app.auth.open(app.browser.request('/'))
    const headers = new Headers({ 'cache-control': 'public, s-maxage=60' })
    expect(visit.session.status).toBe('signed-in')
    await visit.commit(headers)
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private', 'Cookie'])
  })
})
