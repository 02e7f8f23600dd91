/**
 * The handler as HTTP shows it: one list of stories for every host. They know a running app's origin, the provider
 * behind it and nothing else; what a page answers is in `hosts/pages.ts`.
 */
import { describe, expect, it } from 'vitest'
import {
  type Stage,
  approved,
  jsonOf,
  later,
  locationOf,
  newBrowser,
  sessionCookie,
  sessionOf,
  signedIn,
  statusOf,
  tokenRequests,
} from './stage.ts'

const hour = 3600
const callbackPath = '/oauth/callback'

const signingIn = (stage: () => Stage): void => {
  it('sends a person to the provider with a challenge and without a secret', async () => {
    const { app, server, origin } = stage()
    const leaving = await newBrowser(stage()).visit('/oauth/sign-in?returnTo=/gallery')
    const address = new URL(locationOf(leaving))
    expect([leaving.status, address.origin]).toEqual([303, server.issuer])
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: app.clientId,
      redirect_uri: origin + callbackPath,
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: '65537',
    })
    expect(leaving.headers.get('cache-control')).toBe('no-store')
    expect(address.href).not.toContain(app.clientSecret)
  })

  it('brings them back signed in, to where they wanted to be', async () => {
    const browser = newBrowser(stage())
    const back = await browser.visit(await approved(stage(), browser, '/oauth/sign-in?returnTo=/gallery%3Fpage=2'))
    expect([back.status, locationOf(back)]).toEqual([303, '/gallery?page=2'])
    const answer = await browser.ask('/oauth/session')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await jsonOf(answer)).toEqual({
      status: 'signed-in',
      user: expect.objectContaining({ username: 'ben' }),
      scopes: ['UserRead', 'BuzzRead'],
      expiresAt: expect.any(Number),
    })
    expect(await jsonOf(await browser.visit('/'))).toEqual({ status: 'signed-in', state: 'SignedIn' })
  })

  it('hands pages the API with their token', async () => {
    const { status, body } = await jsonOf(await (await signedIn(stage())).visit('/me'))
    expect([status, JSON.parse(String(body))]).toEqual([200, expect.objectContaining({ username: 'ben' })])
  })

  it('asks whoever is not signed in to sign in, and tells a program so', async () => {
    const browser = newBrowser(stage())
    const person = await browser.visit('/me')
    expect([person.status, locationOf(person)]).toEqual([303, '/oauth/sign-in?returnTo=%2Fme'])
    expect((await browser.ask('/me')).status).toBe(401)
    expect(await statusOf(browser)).toBe('signed-out')
  })

  it('says what happened when they said no, and shows a program the code', async () => {
    const { server } = stage()
    const browser = newBrowser(stage())
    const denied = await server.deny(
      locationOf(await browser.visit('/oauth/sign-in?prompt=consent&returnTo=/gallery')),
      { user: 'ben' },
    )
    const answer = await browser.copy().visit(denied)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8'])
    const page = await answer.text()
    expect(page).toContain('Try again')
    expect(page).toContain('/oauth/sign-in?returnTo=%2Fgallery')
    expect(await jsonOf(await browser.ask(denied))).toMatchObject({ error: 'consent_denied' })
    expect(await statusOf(browser)).toBe('signed-out')
  })

  it('refuses a code that the provider did not give, and signs nobody in', async () => {
    const browser = newBrowser(stage())
    const back = new URL(await approved(stage(), browser))
    back.searchParams.set('code', 'civitai_code_made_up')
    expect((await browser.visit(back.href)).status).toBe(502)
    expect(await statusOf(browser)).toBe('signed-out')
  })

  it('goes on quietly when the callback comes twice', async () => {
    const browser = newBrowser(stage())
    const back = await approved(stage(), browser, '/oauth/sign-in?returnTo=/gallery')
    const answers = [await browser.visit(back), await browser.visit(back)]
    expect(answers.map((answer) => [answer.status, locationOf(answer)])).toEqual([
      [303, '/gallery'],
      [303, '/gallery'],
    ])
    expect(await statusOf(browser)).toBe('signed-in')
  })

  it('refuses an attempt that took too long', async () => {
    const browser = newBrowser(stage())
    const back = await approved(stage(), browser)
    await later(stage(), hour)
    expect(await jsonOf(await browser.ask(back))).toMatchObject({ error: 'attempt_expired' })
  })

  it('K9 signs in two tabs at once', async () => {
    const browser = newBrowser(stage())
    const first = await approved(stage(), browser, '/oauth/sign-in?returnTo=/one')
    const second = await approved(stage(), browser, '/oauth/sign-in?returnTo=/two')
    expect([locationOf(await browser.visit(second)), locationOf(await browser.visit(first))]).toEqual(['/two', '/one'])
    expect(await statusOf(browser)).toBe('signed-in')
  })

  it('is not left for by a prefetch, an image or a script', async () => {
    const browser = newBrowser(stage())
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-fetch-dest': 'image' }]) {
      const answer = await browser.visit('/oauth/sign-in', headers)
      expect([answer.status, answer.headers.has('location')]).toEqual([403, false])
    }
    expect((await browser.ask('/oauth/sign-in')).status).toBe(403)
  })

  it('answers each route to its own method only', async () => {
    const browser = newBrowser(stage())
    const posted = await browser.submit('/oauth/sign-in')
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET'])
  })
}

const attacked = (stage: () => Stage): void => {
  it('K1 refuses the callback of another browser', async () => {
    const back = await approved(stage(), newBrowser(stage()), '/oauth/sign-in', 'ada')
    const victim = newBrowser(stage())
    expect(await jsonOf(await victim.ask(back))).toMatchObject({ error: 'attempt_missing' })
    expect(await statusOf(victim)).toBe('signed-out')
  })

  it('K2 refuses a callback of another issuer, and one that names none', async () => {
    const browser = newBrowser(stage())
    const back = await approved(stage(), browser)
    for (const issuer of ['https://evil.example', undefined]) {
      const forged = new URL(back)
      forged.searchParams.delete('iss')
      if (issuer !== undefined) forged.searchParams.set('iss', issuer)
      expect(await jsonOf(await browser.copy().ask(forged.href))).toMatchObject({ error: 'issuer_mismatch' })
    }
  })

  it('K3 keeps cookies from scripts and from other sites, and shows nothing in them', async () => {
    const browser = newBrowser(stage())
    const answer = await browser.visit(await approved(stage(), browser))
    const lines = answer.headers.getSetCookie()
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/; Path=\/(;|$).*; HttpOnly; SameSite=Lax/)
    expect(lines.join('\n')).not.toMatch(/ben|civitai_/)
  })

  it('K3 takes no cookie of another purpose for a session', async () => {
    const person = await signedIn(stage())
    const browser = newBrowser(stage())
    await browser.visit('/oauth/sign-in')
    const [attempt = ''] = browser.jar.values()
    browser.jar.set(sessionCookie(person), attempt)
    expect(await statusOf(browser)).toBe('signed-out')
  })

  it('K4 takes a cookie with a changed character for none', async () => {
    const person = await signedIn(stage())
    const name = sessionCookie(person)
    const value = person.jar.get(name) ?? ''
    for (let at = 0; at < value.length; at += Math.ceil(value.length / 24)) {
      const changed = person.copy()
      changed.jar.set(name, value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1))
      const answer = await changed.visit('/')
      expect([at, answer.status, await jsonOf(answer)]).toEqual([at, 200, { status: 'signed-out', state: 'SignedOut' }])
    }
  })

  it('K5 brings nobody to another origin', async () => {
    for (const wanted of ['https://evil.example/', '//evil.example', '/\\evil.example', '\thttps://evil.example']) {
      const browser = newBrowser(stage())
      const path = `/oauth/sign-in?returnTo=${encodeURIComponent(wanted)}`
      expect([wanted, locationOf(await browser.visit(await approved(stage(), browser, path)))]).toEqual([wanted, '/'])
    }
  })

  it('K7 refuses a callback whose parameters were stripped or doubled', async () => {
    const browser = newBrowser(stage())
    const back = new URL(await approved(stage(), browser))
    for (const name of ['code', 'state'])
      for (const change of ['delete', 'append'] as const) {
        const changed = new URL(back)
        if (change === 'delete') changed.searchParams.delete(name)
        else changed.searchParams.append(name, 'another')
        expect([name, change, (await browser.copy().visit(changed.href)).status]).toEqual([name, change, 400])
      }
    expect(await statusOf(browser)).toBe('signed-out')
  })

  it('K8 sends the token to the API and to no other origin', async () => {
    const { api } = stage()
    const person = await signedIn(stage())
    expect(await jsonOf(await person.visit(`/reach?url=${encodeURIComponent(api.stranger)}`))).toEqual({
      error: 'OriginNotAllowed',
    })
    expect(api.reached).toEqual([])
  })

  it('K8 leaves the token behind where a redirect leads away', async () => {
    const { api } = stage()
    const person = await signedIn(stage())
    expect(await jsonOf(await person.visit('/reach?url=/away'))).toEqual({ status: 200, body: 'a stranger' })
    expect(api.reached).toEqual([null])
  })
}

const signingOut = (stage: () => Stage): void => {
  it('is a form of the own pages, takes the tokens back, and leads on', async () => {
    const { server } = stage()
    const person = await signedIn(stage())
    const before = person.copy()
    const gone = await person.submit('/oauth/sign-out', {}, 'returnTo=/bye')
    expect([gone.status, locationOf(gone), await statusOf(person)]).toEqual([303, '/bye', 'signed-out'])
    expect(server.log().findLast(({ path }) => path.endsWith('/revoke'))).toMatchObject({ status: 200 })
    // Whoever kept the cookie holds a token that is dead.
    expect(await jsonOf(await before.ask('/me'))).not.toMatchObject({ status: 200 })
  })

  it('K6 does not happen by a link, a prefetch, or a form of another site', async () => {
    const person = await signedIn(stage())
    const link = await person.visit('/oauth/sign-out')
    expect([link.status, await link.text()]).toEqual([405, expect.stringContaining('<form method="post"')])
    expect((await person.visit('/oauth/sign-out', { 'sec-purpose': 'prefetch' })).status).toBe(405)
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:4100', 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ])
      expect((await person.submit('/oauth/sign-out', headers)).status).toBe(403)
    expect(await statusOf(person)).toBe('signed-in')
  })
}

const renewing = (stage: () => Stage): void => {
  it('renews the session hour after hour, and keeps what it renewed in the cookie', async () => {
    const person = await signedIn(stage())
    for (let hours = 0; hours < 3; hours++) {
      const before = tokenRequests(stage())
      await later(stage(), hour)
      const answer = await person.visit('/')
      expect(await jsonOf(answer)).toMatchObject({ status: 'signed-in' })
      expect(answer.headers.getSetCookie()).toHaveLength(1)
      expect(answer.headers.get('cache-control')).toContain('no-store')
      expect(tokenRequests(stage()) - before).toBe(1)
    }
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
  })

  it('renews once for twenty requests at the same time, and for one that comes late with the old cookie', async () => {
    const person = await signedIn(stage())
    await later(stage(), hour)
    const before = tokenRequests(stage())
    const late = person.copy()
    const browsers = Array.from({ length: 20 }, () => person.copy())
    const answers = await Promise.all(browsers.map(async (one) => jsonOf(await one.visit('/me'))))
    expect(answers.map(({ status }) => status)).toEqual(browsers.map(() => 200))
    expect(await jsonOf(await late.visit('/me'))).toMatchObject({ status: 200 })
    expect(tokenRequests(stage()) - before).toBe(1)
  })

  it('renews for others when whoever began it did not wait', async () => {
    const { server, origin } = stage()
    const person = await signedIn(stage())
    await later(stage(), hour)
    server.break({ at: 'token', kind: 'delay', times: 1, ms: 1_500 })
    const before = tokenRequests(stage())
    const impatient = new AbortController()
    const cookie = [...person.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const left = fetch(`${origin}/me`, { headers: { cookie, accept: 'text/html' }, signal: impatient.signal })
    await expect.poll(() => tokenRequests(stage()), { timeout: 30_000 }).toBe(before + 1)
    impatient.abort()
    await expect(left).rejects.toThrow('aborted')
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
    expect(tokenRequests(stage()) - before).toBe(1)
  })

  it('tries once more with a renewed token when the API refuses one that should live', async () => {
    const { server } = stage()
    const person = await signedIn(stage())
    server.advance(hour)
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
  })

  it.each(['429', '503', 'malformed', 'drop'] as const)('signs nobody out when a refresh meets %s', async (kind) => {
    const { server } = stage()
    const person = await signedIn(stage())
    await later(stage(), hour - 30)
    server.break({ at: 'token', kind, times: 1 })
    expect(await jsonOf(await person.visit('/'))).toMatchObject({ status: 'signed-in' })
    await later(stage(), 60)
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
  })

  it('says that it cannot be reached, and signs nobody out, when the token is spent and the server busy', async () => {
    const { server } = stage()
    const person = await signedIn(stage())
    await later(stage(), hour)
    server.break({ at: 'token', kind: '503', times: 1 })
    expect(await jsonOf(await person.visit('/me'))).toEqual({ error: 'ServerUnavailable' })
    expect(await statusOf(person)).not.toBe('signed-out')
    await later(stage(), 60)
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
  })

  it('holds nobody up for a slow refresh while the token lives', async () => {
    const { server } = stage()
    const person = await signedIn(stage())
    await later(stage(), hour - 30)
    server.break({ at: 'token', kind: 'delay', times: 1, ms: 3_000 })
    const before = tokenRequests(stage())
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
    // Nobody else waits as long, and nobody asks again.
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
    // It goes on when everybody has been answered, and what it brings is there for the next.
    await later(stage(), 60)
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
    expect(tokenRequests(stage()) - before).toBe(1)
  })

  it('restores a session whose refresh token ran out, without a page', async () => {
    const { server } = stage()
    const person = await signedIn(stage())
    await later(stage(), 40 * 24 * hour)
    await person.visit(await approved(stage(), person, '/oauth/sign-in'))
    await server.disconnect('ben', stage().app.clientId)
    await approved(stage(), newBrowser(stage()))
    await later(stage(), hour)
    const leaving = await person.visit('/gallery')
    expect(new URL(locationOf(leaving)).searchParams.get('prompt')).toBe('none')
    const cookie = await server.signIn('ben')
    const silent = await fetch(locationOf(leaving), {
      redirect: 'manual',
      headers: { cookie, accept: 'text/html' },
    })
    const back = await person.visit(locationOf(silent))
    expect([locationOf(back), await statusOf(person)]).toEqual(['/gallery', 'signed-in'])
  })

  it('ends the session of a person who removed the app', async () => {
    const { server, app } = stage()
    const person = await signedIn(stage(), undefined, 'mod')
    await server.disconnect('mod', app.clientId)
    await later(stage(), hour)
    const leaving = await person.visit('/')
    const cookie = await server.signIn('mod')
    const silent = await fetch(locationOf(leaving), { redirect: 'manual', headers: { cookie, accept: 'text/html' } })
    await person.visit(locationOf(silent))
    expect(await sessionOf(person)).toEqual({ status: 'signed-out', reason: 'ended' })
  })
}

const steppingUp = (stage: () => Stage): void => {
  it('asks for the permission that a page needs, beside those there are, and comes back to it', async () => {
    const person = await signedIn(stage())
    const sent = await person.visit('/make')
    const address = new URL(locationOf(sent), stage().origin)
    expect([sent.status, address.pathname, Object.fromEntries(address.searchParams)]).toEqual([
      303,
      '/oauth/sign-in',
      { returnTo: '/make', scopes: 'AIServicesWrite' },
    ])
    const back = await person.visit(await approved(stage(), person, address.pathname + address.search))
    expect(locationOf(back)).toBe('/make')
    expect(await (await person.visit('/make')).text()).toBe('made')
    expect((await sessionOf(person))['scopes']).toEqual(['UserRead', 'AIServicesWrite', 'BuzzRead'])
  })

  it('tells a program that the permission is missing', async () => {
    const person = await signedIn(stage())
    const answer = await person.ask('/make')
    expect([answer.status, answer.headers.has('location')]).toEqual([403, false])
  })
}

const growing = (stage: () => Stage): void => {
  it('cuts a large session into chunks, opens it again, and clears them all', async () => {
    const { server } = stage()
    await server.provider.admin.createPerson({
      username: 'long',
      picture: `https://images.example/${'p'.repeat(3_500)}`,
      sample: true,
    })
    const person = await signedIn(stage(), undefined, 'long')
    const chunks = [...person.jar.keys()].filter((name) => /\.\d$/.test(name))
    expect(chunks.length).toBeGreaterThan(1)
    expect(await sessionOf(person)).toMatchObject({ status: 'signed-in', user: { username: 'long' } })
    await later(stage(), hour)
    expect(await jsonOf(await person.visit('/me'))).toMatchObject({ status: 200 })
    await person.submit('/oauth/sign-out')
    expect([...person.jar.keys()].filter((name) => /\.\d$/.test(name))).toEqual([])
  })
}

export const httpStories = (stage: () => Stage): void => {
  describe('a sign-in', () => signingIn(stage))
  describe('an attack', () => attacked(stage))
  describe('a sign-out', () => signingOut(stage))
  describe('a session', () => renewing(stage))
  describe('a permission', () => steppingUp(stage))
  describe('a large session', () => growing(stage))
}
