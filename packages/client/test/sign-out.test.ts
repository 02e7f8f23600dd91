import { describe, expect, it } from 'vitest'
import { App } from './app.ts'

const signedIn = async () => {
  const app = new App()
  await app.signIn()
  return app
}

describe('when a person signs out', () => {
  it('removes every cookie of the session, takes the tokens back and goes where the form says', async () => {
    const app = await signedIn()
    const answer = await app.browser.submit('/oauth/sign-out?returnTo=/goodbye')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/goodbye'])
    expect([...app.browser.jar.keys()].filter((name) => !name.includes('-tx-'))).toEqual([])
    expect(app.server.revoked).toEqual([expect.stringMatching(/^refresh-/)])
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('reads where to go from the form too', async () => {
    const app = await signedIn()
    const answer = await app.browser.send(
      app.browser.request('/oauth/sign-out', {
        method: 'POST',
        body: new URLSearchParams({ returnTo: '/goodbye' }),
        headers: { accept: 'text/html', origin: 'https://app.test' },
      }),
    )
    expect(answer.headers.get('location')).toBe('/goodbye')
  })

  it('answers a script with the session that is left', async () => {
    const app = await signedIn()
    const answer = await app.browser.ask('/oauth/sign-out', { method: 'POST', headers: { origin: 'https://app.test' } })
    expect(await answer.json()).toEqual({ status: 'signed-out' })
  })

  it('signs out here even when the server cannot take the tokens back', async () => {
    const app = await signedIn()
    app.server.secrets = []
    await app.browser.submit('/oauth/sign-out')
    expect(await app.session()).toEqual({ status: 'signed-out' })
    expect(app.events).toContainEqual({ type: 'revocation-failed' })
  })

  it.each([
    ['a GET', 'GET', {}],
    ['a HEAD', 'HEAD', {}],
    ['a prefetch', 'GET', { 'sec-purpose': 'prefetch' }],
    ['a form on another site', 'POST', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another origin of the same site', 'POST', { origin: 'https://evil.app.test', 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an opaque origin in a browser without Fetch Metadata', 'POST', { origin: 'null' }],
    ['a sender who says nothing of itself', 'POST', {}],
    [
      'a foreign origin that claims to be ours',
      'POST',
      { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' },
    ],
    ['the same host over another scheme', 'POST', { origin: 'http://app.test' }],
  ])('K6 does nothing for %s', async (_, method, headers) => {
    const app = await signedIn()
    const before = app.browser.cookie()
    const answer = await app.browser.send(
      app.browser.request('/oauth/sign-out', { method, headers: headers as Record<string, string> }),
    )
    expect([403, 405]).toContain(answer.status)
    expect(app.browser.cookie()).toBe(before)
    expect(app.server.revoked).toEqual([])
  })

  it('K6 shows a person who followed a link a page with the button, and does nothing until it is pressed', async () => {
    const app = await signedIn()
    const before = app.browser.cookie()
    const answer = await app.browser.visit('/oauth/sign-out?returnTo=/bye&x="><script>')
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('content-type')]).toEqual([
      405,
      'POST',
      'text/html; charset=utf-8',
    ])
    const page = await answer.text()
    expect(page).not.toContain('<script>')
    expect([app.browser.cookie(), app.server.revoked]).toEqual([before, []])
    const [, action = ''] = /<form method="post" action="([^"]*)">/.exec(page) ?? []
    expect(action).toMatch(/^\/oauth\/sign-out\?returnTo=\/bye/)
    expect((await app.browser.submit(action.replaceAll('&#38;', '&'))).headers.get('location')).toBe('/bye')
    expect(app.server.revoked).toHaveLength(1)
  })

  it('is heard from a page of ours that hides its address', async () => {
    const app = await signedIn()
    expect((await app.browser.submit('/oauth/sign-out', { origin: 'null' })).status).toBe(303)
  })
})
