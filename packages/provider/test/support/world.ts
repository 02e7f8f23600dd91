/** A provider with a person and an app in it, and the steps of a sign-in as a browser and an app take them. */
import { createHash } from 'node:crypto'
import type { App, AppDraft, Person, Provider } from '../../src/index.ts'
import { createProvider } from '../../src/index.ts'
import type { LimitsOption, OutsideAccounts, QuailyOptions, StorageSource, Tracer } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { stoppedClock } from './clock.ts'

export const issuer = 'http://localhost:4100'
export const callback = 'https://app.example.com/oauth/callback'
export const verifier = 'v'.repeat(50)
export const challenge = createHash('sha256').update(verifier).digest('base64url')
/** UserRead, AIServicesRead, AIServicesWrite, BuzzRead. */
export const aiServices = '114689'
export const authorizePath = '/api/auth/oauth/authorize'
export const tokenPath = '/api/auth/oauth/token'
export const revokePath = '/api/auth/oauth/revoke'
export const userinfoPath = '/api/auth/oauth/userinfo'

export interface Client {
  readonly id: string
  readonly secret: string | null
  readonly app: App
}

export interface Browser {
  readonly person: Person
  /** The `Cookie` header. */
  readonly cookie: string
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly scope: string
}

export interface WorldOptions {
  readonly storage?: StorageSource
  readonly limits?: LimitsOption
  readonly profile?: string
  readonly introspectors?: readonly string[]
  readonly tracer?: Tracer
  readonly quaily?: QuailyOptions
  readonly accounts?: OutsideAccounts
}

export const draft: AppDraft = {
  name: 'Radio',
  description: 'Plays what you made.',
  redirectUris: `${callback}\nhttp://localhost:3000/oauth/callback`,
  scopes: ['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'],
  type: 'confidential',
  dialect: 'civitai',
}

let place = (): StorageSource => sqlite({ memory: true })

/** From here on worlds keep their data there, but for a test that names a place of its own. SQLite's memory unless told. */
export const keepWorldsIn = (other: () => StorageSource): void => void (place = other)

export const worldOf = async (options: WorldOptions = {}) => {
  const clock = stoppedClock()
  const logged: unknown[] = []
  const provider: Provider = await createProvider({
    issuer,
    storage: options.storage ?? place(),
    clock,
    limits: options.limits ?? 'off',
    samples: true,
    log: (entry) => void logged.push(entry),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.introspectors === undefined ? {} : { introspectors: options.introspectors }),
    ...(options.tracer === undefined ? {} : { tracer: options.tracer }),
    ...(options.quaily === undefined ? {} : { quaily: options.quaily }),
    ...(options.accounts === undefined ? {} : { accounts: options.accounts }),
  })

  const person = async (username: string, more: { readonly staff?: boolean } = {}): Promise<Person> => {
    const email = `${username}@example.com`
    const created = await provider.admin.createPerson({ username, email, emailVerified: true, sample: true, ...more })
    if (created._tag !== 'Created') throw new Error(`${username} is taken`)
    return created.person
  }
  const ada = await person('ada')
  const bob = await person('bob')

  const browserOf = async (who: Person): Promise<Browser> => {
    const { name, value } = await provider.admin.beginSession(who)
    return { person: who, cookie: `${name}=${value}` }
  }

  const register = async (changes: Partial<AppDraft> = {}, owner: Person = ada): Promise<Client> => {
    const registered = await provider.apps.register(owner, { ...draft, ...changes })
    if (registered._tag !== 'Registered') throw new Error(JSON.stringify(registered.problems))
    return { id: registered.app.clientId, secret: registered.secret, app: registered.app }
  }

  const authorizeQuery = (client: Client, changes: Readonly<Record<string, string | undefined>> = {}) => {
    const all: Record<string, string | undefined> = {
      response_type: 'code',
      client_id: client.id,
      redirect_uri: callback,
      scope: aiServices,
      state: 'a-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    }
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value)
    return query
  }

  const get = (target: string, headers: Readonly<Record<string, string>> = {}) =>
    provider.fetch(new Request(issuer + target, { headers }))

  const post = (
    path: string,
    fields: Readonly<Record<string, string>> | string,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    provider.fetch(
      new Request(issuer + path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
      }),
    )

  const authorize = (
    client: Client,
    browser: Browser | null,
    changes: Readonly<Record<string, string | undefined>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) =>
    get(`${authorizePath}?${authorizeQuery(client, changes)}`, {
      ...(browser === null ? {} : { cookie: browser.cookie }),
      ...headers,
    })

  const answer = (
    browser: Browser,
    request: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) =>
    post(
      authorizePath,
      { request, approved: 'true', remember: 'true', ...fields },
      { origin: issuer, cookie: browser.cookie, ...headers },
    )

  const requestIn = (response: Response): string => {
    const location = new URL(response.headers.get('location') ?? '', issuer)
    if (location.pathname !== '/oauth/consent') throw new Error(`not asked: ${location.pathname}`)
    return location.searchParams.get('request') as string
  }

  const codeIn = (response: Response): string => {
    const code = new URL(response.headers.get('location') ?? '', issuer).searchParams.get('code')
    if (code === null) throw new Error(`no code: ${response.status} ${response.headers.get('location')}`)
    return code
  }

  /** All the way to a code: asked where it must be, approved. */
  const codeFor = async (
    client: Client,
    browser: Browser,
    changes: Readonly<Record<string, string | undefined>> = {},
    fields: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const response = await authorize(client, browser, changes)
    if (new URL(response.headers.get('location') ?? '', issuer).searchParams.has('code')) return codeIn(response)
    return codeIn(await answer(browser, requestIn(response), fields))
  }

  const credentials = (client: Client): Record<string, string> => ({
    client_id: client.id,
    ...(client.secret === null ? {} : { client_secret: client.secret }),
  })

  const exchange = (client: Client, code: string, changes: Readonly<Record<string, string>> = {}) =>
    post(tokenPath, {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: callback,
      ...credentials(client),
      ...changes,
    })

  const refresh = (client: Client, refreshToken: string, changes: Readonly<Record<string, string>> = {}) =>
    post(tokenPath, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      ...credentials(client),
      ...changes,
    })

  const tokensFor = async (
    client: Client,
    browser: Browser,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Tokens> => {
    const response = await exchange(client, await codeFor(client, browser, changes))
    return (await response.json()) as Tokens
  }

  const userinfo = (access: string) => get(userinfoPath, { authorization: `Bearer ${access}` })

  /** 200, or the error's code. */
  const outcome = async (response: Response): Promise<string> =>
    response.status === 200 ? 'ok' : ((await response.json()) as { readonly error: string }).error

  return {
    provider,
    clock,
    logged,
    ada,
    bob,
    person,
    browserOf,
    register,
    authorizeQuery,
    authorize,
    answer,
    requestIn,
    codeIn,
    codeFor,
    credentials,
    exchange,
    refresh,
    tokensFor,
    userinfo,
    outcome,
    get,
    post,
  }
}

export type World = Awaited<ReturnType<typeof worldOf>>
