import * as Preset from '@civitai-oauth/core/preset'
import type { AppDraft, Person, Provider, ProviderOptions } from '@civitai-oauth/provider'
import { type Fault, type LogEntry, answerAuthorize, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'

export interface TestAppDraft {
  readonly redirectUris: readonly [string, ...string[]]
  /** The most the app may ask for. Unless told the AI Services preset, or for Quaily user.public and user.full. */
  readonly scopes?: readonly string[]
  readonly name?: string
  /** Confidential unless told, and for Quaily public: its apps have no secret. */
  readonly type?: AppDraft['type']
  readonly dialect?: AppDraft['dialect']
  /** A username; `ada` unless told. */
  readonly owner?: string
  readonly verified?: boolean
  readonly trusted?: boolean
}

export interface TestApp {
  readonly clientId: string
  /** Absent for a public app. */
  readonly clientSecret?: string
  /** What the app's environment holds, so that the client finds this server. Its session secret is not here. */
  readonly env: Readonly<Record<string, string>>
}

/** How a person answers an authorize URL. */
export interface TestAnswer {
  /** A username; `ben` unless told. */
  readonly user?: string
  /** Remember the answer, so that the same request needs no page again. */
  readonly remember?: boolean
  /** A list of budgets, or `[]` for none; what stood before is kept unless told. */
  readonly buzzLimit?: unknown
}

export interface TestServer extends AsyncDisposable {
  /** `http://localhost:PORT`, on a free port of this machine. */
  readonly issuer: string
  /** The server itself, for what is not here. */
  readonly provider: Provider
  registerApp(draft: TestAppDraft): Promise<TestApp>
  /** Signs a sample person (`ada`, `ben`, `mod`) in; answers the `Cookie` header of their browser. */
  signIn(user?: string): Promise<string>
  /** Presses Authorize; answers where the browser goes: the redirect URI with its code. */
  approve(authorizeUrl: string | URL, answer?: TestAnswer): Promise<string>
  /** Presses Deny; answers where the browser goes. */
  deny(authorizeUrl: string | URL, answer?: Pick<TestAnswer, 'user'>): Promise<string>
  /** Types the code that a device shows, and presses Authorize. */
  approveDevice(userCode: string, answer?: TestAnswer): Promise<void>
  /** Types the code that a device shows, and presses Deny. */
  denyDevice(userCode: string, answer?: Pick<TestAnswer, 'user'>): Promise<void>
  /** Removes the app under Connected Apps. */
  disconnect(user: string, clientId: string): Promise<void>
  /** A Quaily API key of a sample person; `ben` unless told. */
  apiKey(user?: string): Promise<string>
  /** Moves the server's clock forward. */
  advance(seconds: number): void
  /** Spoils the next answers of an endpoint. */
  break(fault: Fault): void
  /** What was asked and answered, oldest first, secrets redacted. */
  log(): readonly LogEntry[]
  /** Back to the sample people and apps; registered apps are gone. */
  reset(): Promise<void>
  close(): Promise<void>
}

export interface TestServerOptions {
  /** `documented` unless told; `observed`, or single quirks as in `documented,+no-issuer`. */
  readonly profile?: string
  /** `off` unless told; `on` for the documented rates, or some of them as a table. */
  readonly limits?: ProviderOptions['limits']
}

const usualScopes: Readonly<Record<AppDraft['dialect'], readonly string[]>> = {
  civitai: Preset.scopesOf('AI Services'),
  quaily: ['user.public', 'user.full'],
}

const environmentOf = (dialect: AppDraft['dialect'], issuer: string, clientId: string): Record<string, string> =>
  dialect === 'quaily'
    ? {
        QUAILY_CLIENT_ID: clientId,
        QUAILY_AUTH_BASE: `${issuer}/quaily`,
        QUAILY_API_BASE: `${issuer}/quaily/api`,
      }
    : { CIVITAI_ISSUER: issuer, CIVITAI_API_ORIGIN: issuer, CIVITAI_CLIENT_ID: clientId }

/** Starts a server in memory, on a free port. Close it when the test is over, or declare it with `await using`. */
export const startProvider = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const { profile = 'documented', limits = 'off' } = options
  const emulator = await startEmulator({ storage: sqlite({ memory: true }), profile, limits })
  const { issuer, provider, clock, faults, log } = emulator

  const personNamed = async (username: string): Promise<Person> => {
    const person = await provider.admin.findPerson(username)
    if (person === null) throw new Error(`There is no person named "${username}".`)
    return person
  }

  const answer = async (approve: boolean, url: string | URL, given: TestAnswer): Promise<string | undefined> => {
    const { user = 'ben', remember = false, ...rest } = given
    const input = { url: String(url), approve, remember, ...rest }
    const result = await answerAuthorize(provider, await personNamed(user), input)
    if (result._tag === 'Sent') return result.location
    if (result._tag === 'Told') return undefined
    throw new Error(`${result.error} It answered ${result.status}${result.answer ? `: ${result.answer}` : '.'}`)
  }
  const answerApp = async (approve: boolean, url: string | URL, given: TestAnswer): Promise<string> => {
    const location = await answer(approve, url, given)
    if (location === undefined) throw new Error('That is the address of a device: use approveDevice.')
    return location
  }
  const answerDevice = async (approve: boolean, userCode: string, given: TestAnswer): Promise<void> => {
    const code = new URLSearchParams({ user_code: userCode })
    await answer(approve, `${issuer}/api/auth/oauth/device?${code}`, given)
  }

  const close = (): Promise<void> => emulator.close()

  return {
    issuer,
    provider,
    registerApp: async ({ redirectUris, owner = 'ada', verified = false, trusted = false, ...draft }) => {
      const registered = await provider.admin.registerApp(
        await personNamed(owner),
        {
          name: draft.name ?? 'Test app',
          description: '',
          redirectUris: redirectUris.join('\n'),
          scopes: draft.scopes ?? usualScopes[draft.dialect ?? 'civitai'],
          type: draft.type ?? (draft.dialect === 'quaily' ? 'public' : 'confidential'),
          dialect: draft.dialect ?? 'civitai',
        },
        { verified, trusted },
      )
      if (registered._tag === 'Invalid')
        throw new Error(registered.problems.map(({ field, message }) => `${field}: ${message}`).join(' '))
      const { clientId, dialect } = registered.app
      const env = environmentOf(dialect, issuer, clientId)
      return registered.secret === null
        ? { clientId, env }
        : { clientId, clientSecret: registered.secret, env: { ...env, CIVITAI_CLIENT_SECRET: registered.secret } }
    },
    signIn: async (user = 'ben') => {
      const { name, value } = await provider.admin.beginSession(await personNamed(user))
      return `${name}=${value}`
    },
    apiKey: async (user = 'ben') => {
      const created = await provider.apiKeys.create(await personNamed(user), 'A test')
      if (created._tag === 'Invalid') throw new Error(created.message)
      return created.key
    },
    approve: (url, given = {}) => answerApp(true, url, given),
    deny: (url, given = {}) => answerApp(false, url, given),
    approveDevice: (userCode, given = {}) => answerDevice(true, userCode, given),
    denyDevice: (userCode, given = {}) => answerDevice(false, userCode, given),
    disconnect: async (user, clientId) => {
      const revoked = await provider.grants.revoke(await personNamed(user), clientId)
      if (revoked._tag === 'NotFound') throw new Error(`"${user}" has not granted that app anything.`)
    },
    advance: (seconds) => clock.advance(seconds),
    break: (fault) => faults.add(fault),
    log: () => log.entries(),
    reset: () => emulator.reset(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
