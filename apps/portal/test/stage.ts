/** What every story begins with: the portal, an app elsewhere, a browser, and people with apps of their own. */
import type { AppDraft, Person } from '@civitai-oauth/provider'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { type Visitor, launch, visitor } from './browser.ts'
import { type RelyingApp, relyingApp } from './relying-app.ts'
import { type Served, serve } from './serve.ts'

export interface Stage {
  readonly browser: Browser
  readonly portal: Served
  /** The app that registered ones lead to. */
  readonly app: RelyingApp
  personOf(username: string): Promise<Person>
  /** Somebody new, who may be signed in with one click. */
  newPerson(): Promise<Person>
  register(owner: Person, changes?: Partial<AppDraft>): Promise<string>
  /** A browser of their own, signed in. */
  visit(person: Person | null, options?: BrowserContextOptions): Promise<Visitor>
  signIn(visitor: Visitor, person: Person): Promise<void>
  /** Lets an app into somebody's account, without a browser. */
  connect(person: Person, clientId: string, scopes: readonly string[], refreshes?: number): Promise<void>
  /** The page where a device's code is typed, with the code in it: for a public app. */
  beginDevice(clientId: string): Promise<{ readonly page: string; readonly code: string }>
  close(): Promise<void>
}

export const stage = async (): Promise<Stage> => {
  const [browser, portal, app] = await Promise.all([launch(), serve(), relyingApp()])
  const { admin, apps } = portal.provider
  let people = 0

  const signIn: Stage['signIn'] = async ({ page }, person) => {
    await page.context().addCookies([{ ...(await admin.beginSession(person)), url: portal.origin }])
  }

  return {
    browser,
    portal,
    app,
    signIn,
    personOf: async (username) => {
      const person = await admin.findPerson(username)
      if (!person) throw new Error(`nobody is called ${username}`)
      return person
    },
    newPerson: async () => {
      const username = `someone${++people}`
      const created = await admin.createPerson({ username, email: `${username}@example.com`, sample: true })
      if (created._tag !== 'Created') throw new Error('taken')
      return created.person
    },
    register: async (owner, changes = {}) => {
      const registered = await apps.register(owner, {
        name: 'Radio',
        description: 'Music channels all day long.',
        redirectUris: app.redirectUri,
        scopes: ['UserRead', 'ModelsDelete', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'],
        type: 'confidential',
        dialect: 'civitai',
        ...changes,
      })
      if (registered._tag !== 'Registered') throw new Error(JSON.stringify(registered.problems))
      return registered.app.clientId
    },
    visit: async (person, options) => {
      const visiting = await visitor(browser, options)
      if (person) await signIn(visiting, person)
      return visiting
    },
    connect: async (person, clientId, scopes, refreshes) => {
      const { name, value } = await admin.beginSession(person)
      const counted = refreshes === undefined ? {} : { refreshes }
      await app.connect(portal, clientId, scopes, { cookie: `${name}=${value}`, ...counted })
    },
    beginDevice: async (clientId) => {
      const asked = await portal.provider.fetch(
        new Request(`${portal.origin}/api/auth/oauth/device`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: clientId, scope: '65537' }),
        }),
      )
      const answer = (await asked.json()) as { verification_uri: string; user_code: string }
      return { page: answer.verification_uri, code: answer.user_code }
    },
    close: async () => {
      await browser.close()
      await app.close()
      await portal.close()
    },
  }
}

/** A Quaily authorize address of an app whose code is shown on a page of the server. */
export const quailyAddress = (origin: string, clientId: string, scope: string): string =>
  `${origin}/quaily/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: `${origin}/quaily/oauth/code`,
    response_type: 'code',
    scope,
    state: 'a-state',
    code_challenge: 'v'.repeat(43),
    code_challenge_method: 'plain',
  })}`
