/**
 * What an app configures, from options and environment, checked once at start-up. Every problem is listed at once, in
 * words that say where to set what.
 */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { type QuailyScope, quaily } from '@civitai-oauth/core/dialects/quaily'
import type { ScopeName } from '@civitai-oauth/core/scope'
import type { User } from '@civitai-oauth/core/session'
import * as z from 'zod/mini'
import { defaultApiOrigin } from './api-origin.ts'
import type { AppDialect } from './app-dialect.ts'
import { dotEnv } from './dot-env.ts'
import { failure } from './error.ts'
import type { AuthEvent } from './event.ts'
import { plainly } from './plain-error.ts'
import type { Lifetimes } from './session-record.ts'
import type { SessionStore } from './store/store.ts'
import type { Tracer } from './tracer.ts'

/** The scopes each dialect's editor completion offers. */
export interface ScopeOf {
  readonly civitai: ScopeName
  readonly quaily: QuailyScope
}
export type DialectName = keyof ScopeOf
/** A dialect by its name, or any other as a value: see `standardDialect`. */
export type DialectChoice = DialectName | AppDialect
/** The scopes of a dialect. */
export type ScopesOf<D extends DialectChoice> = D extends DialectName
  ? ScopeOf[D]
  : D extends AppDialect<infer S>
    ? S
    : string

export type Environment = Readonly<Record<string, string | undefined>>

export interface Options<D extends DialectChoice = 'civitai'> {
  /** Which server family this is: `civitai` (the default), `quaily`, or another one's value, which reads Civitai's variables. */
  readonly dialect?: D
  /** What to ask for at sign-in. Default: the smallest useful set, `UserRead` or `user.public`. */
  readonly scopes?: readonly ScopesOf<D>[]
  /** Env `CIVITAI_CLIENT_ID` or `QUAILY_CLIENT_ID`. */
  readonly clientId?: string
  /** Confidential apps only. A list while rotating, newest first. Env `CIVITAI_CLIENT_SECRET`, comma-separated. */
  readonly clientSecret?: string | readonly string[]
  /** At least 32 bytes each. A list while rotating, newest first. Env `CIVITAI_SESSION_SECRET`, comma-separated. */
  readonly sessionSecret?: string | readonly string[]
  /** The authorization server. Default: production. Env `CIVITAI_ISSUER` or `QUAILY_AUTH_BASE`. */
  readonly issuer?: string
  /** Where `session.fetch` resolves paths and sends the bearer. Default: beside the issuer. Env `CIVITAI_API_ORIGIN` or `QUAILY_API_BASE`. */
  readonly apiOrigin?: string
  /** The app's own origin, e.g. `https://app.example`. On localhost the request tells. Env `CIVITAI_ORIGIN`. */
  readonly origin?: string
  /** Where our routes live. Default `/oauth`. */
  readonly basePath?: string
  /** The path of the registered redirect URI. Default `<basePath>/callback`. */
  readonly callbackPath?: string
  /** Where sessions live. Default: in the browser's sealed cookie. A store lets processes share refreshes, and `forUser` work. */
  readonly store?: SessionStore
  /** How long a session may last, in seconds. */
  readonly session?: {
    /** Over after so long without a renewal. Default: as long as a refresh token lives. */
    readonly idle?: number
    /** Over so long after sign-in in any case. Default: never. */
    readonly absolute?: number
  }
  /** Runs after each sign-in, before the person goes on: the place to upsert the app's own user. */
  readonly onSignIn?: (user: User) => void | Promise<void>
  /** What happens, for logs and metrics. Never holds a secret, code or token. */
  readonly onEvent?: (event: AuthEvent) => void
  /** OpenTelemetry's, e.g. `trace.getTracer('my-app')`: a span for each sign-in, refresh, revocation and call, without a secret in any. */
  readonly tracer?: Tracer
  /** The environment, where it is not `process.env` and the `.env` of the working directory. */
  readonly env?: Environment
}

/** Options with everything decided. URLs have no trailing slash. */
export interface Settings<S extends string = string> {
  readonly dialect: AppDialect<S>
  /** `other` for a dialect that was given as a value. */
  readonly dialectName: DialectName | 'other'
  readonly scopes: readonly S[]
  readonly clientId: string
  readonly clientSecrets: readonly string[]
  readonly sessionSecrets: readonly string[]
  readonly issuer: string
  /** The base of the token, userinfo and revocation endpoints. */
  readonly tokenBase: string
  readonly apiOrigin: string
  /** `undefined`: the request tells, and only localhost is believed. */
  readonly origin: string | undefined
  readonly basePath: string
  readonly callbackPath: string
  readonly store: SessionStore | undefined
  /** `NODE_ENV` says so. */
  readonly development: boolean
  /** Whether the address to register is printed: in development, and on this machine where nothing says what this is. */
  readonly announces: (origin: string) => boolean
  readonly lifetimes: Lifetimes
  readonly onSignIn: ((user: User) => void | Promise<void>) | undefined
  readonly onEvent: (event: AuthEvent) => void
  readonly tracer: Tracer | undefined
}

/** Where each dialect's settings come from. */
const sources = {
  civitai: {
    dialect: civitai,
    clientId: 'CIVITAI_CLIENT_ID',
    issuer: 'CIVITAI_ISSUER',
    api: 'CIVITAI_API_ORIGIN',
    scopes: ['UserRead'],
  },
  quaily: {
    dialect: quaily,
    clientId: 'QUAILY_CLIENT_ID',
    issuer: 'QUAILY_AUTH_BASE',
    api: 'QUAILY_API_BASE',
    scopes: ['user.public'],
  },
} as const

type Source = Pick<(typeof sources)[DialectName], 'clientId' | 'issuer' | 'api'>

const isLocal = (url: URL) => url.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
const isTrusted = (value: string) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url !== undefined && (url.protocol === 'https:' || isLocal(url)) && url.search === '' && url.hash === ''
}
const isOrigin = (value: string) => isTrusted(value) && new URL(value).origin === value
const bytes = (text: string) => new TextEncoder().encode(text).length

/** A list is a list; in the environment it has commas. */
const listOf = (
  given: string | readonly string[] | undefined,
  fromEnvironment: string | undefined,
): readonly string[] =>
  (typeof given === 'string' ? [given] : (given ?? fromEnvironment?.split(',') ?? []))
    .map((one) => one.trim())
    .filter((one) => one !== '')

const trimSlash = (value: string | undefined) => value?.trim().replace(/\/+$/, '')

/** A setting that is missing or empty reads the same to a person: it is not set. */
const required = (message: string) => z.string(message).check(z.minLength(1, message))
const seconds = (name: string) =>
  z.optional(z.number().check(z.positive(`session.${name} is a number of seconds above 0.`)))
const path = (name: string) =>
  z.string().check(z.regex(/^(\/[\w.~-]+)+$/, `${name} must be a path such as /oauth, without a slash at the end.`))

const schema = ({ clientId, issuer, api }: Source, dialect: AppDialect) => {
  return z.object({
    clientId: required(`Set ${clientId} to the client id from your OAuth Apps card.`),
    clientSecrets: z.array(z.string()),
    sessionSecrets: z
      .array(
        z
          .string()
          .check(
            z.refine((one) => bytes(one) >= 32, 'CIVITAI_SESSION_SECRET is too short: 32 bytes or more each, please.'),
          ),
      )
      .check(z.minLength(1, 'Set CIVITAI_SESSION_SECRET to 32 random bytes or more, e.g. `openssl rand -base64 32`.')),
    issuer: z.string().check(z.refine(isTrusted, `${issuer} must be an https:// address (http:// on localhost only).`)),
    apiOrigin: z.string().check(z.refine(isTrusted, `${api} must be an https:// address (http:// on localhost only).`)),
    origin: z.optional(
      z
        .string()
        .check(
          z.refine(
            isOrigin,
            'CIVITAI_ORIGIN must be an origin such as https://app.example (http:// on localhost only).',
          ),
        ),
    ),
    lifetimes: z.object({ idle: seconds('idle'), absolute: seconds('absolute') }),
    basePath: path('basePath'),
    callbackPath: path('callbackPath'),
    scopes: z.array(
      z.string().check(
        z.refine((one) => dialect.scopes.isKnown(one), {
          error: (issue) => `Unknown scope: ${String(issue.input)}.`,
        }),
      ),
    ),
  })
}

/** An app's log that fails must not take a sign-in or a refresh down with it. */
const told = (listener: ((event: AuthEvent) => void) | undefined) => async (event: AuthEvent) => {
  try {
    await listener?.(event)
  } catch (error) {
    console.error(error)
  }
}

/** One error that lists every problem, for people in its message and for programs in its detail. */
export const misconfigured = (problems: readonly string[]) => {
  const error = failure('OptionsInvalid', { problems })
  const [first, ...more] = problems
  error.message =
    more.length === 0
      ? `Sign-in is not set up: ${first}`
      : ['Sign-in is not set up:', ...problems.map((problem) => `- ${problem}`)].join('\n')
  return plainly(error)
}

/** Throws one `OptionsInvalid` that lists every problem. */
export const resolveOptions = <D extends DialectChoice>(options: Options<D>): Settings<ScopesOf<D>> => {
  const env: Environment = options.env ?? { ...dotEnv(), ...globalThis.process?.env }
  const choice: DialectChoice = options.dialect ?? 'civitai'
  const source = typeof choice === 'string' ? sources[choice] : { ...sources.civitai, dialect: choice, scopes: [] }
  const dialect = source.dialect as AppDialect<string> as AppDialect<ScopesOf<D>>
  const basePath = options.basePath ?? '/oauth'
  const issuer = trimSlash(options.issuer ?? env[source.issuer]) || dialect.production.auth
  const checked = z.safeParse(schema(source, dialect), {
    clientId: (options.clientId ?? env[source.clientId])?.trim(),
    clientSecrets: listOf(options.clientSecret, env['CIVITAI_CLIENT_SECRET']),
    sessionSecrets: listOf(options.sessionSecret, env['CIVITAI_SESSION_SECRET']),
    issuer,
    apiOrigin:
      trimSlash(options.apiOrigin ?? env[source.api]) ||
      defaultApiOrigin(dialect, isTrusted(issuer) ? issuer : dialect.production.auth),
    origin: trimSlash(options.origin ?? env['CIVITAI_ORIGIN']) || undefined,
    basePath,
    callbackPath: options.callbackPath ?? `${basePath}/callback`,
    scopes: options.scopes ?? source.scopes,
    lifetimes: options.session ?? {},
  })
  if (!checked.success) {
    const problems = [...new Set(checked.error.issues.map((issue) => issue.message))]
    throw misconfigured(problems)
  }
  const { origin, lifetimes, ...settings } = checked.data
  const development = env['NODE_ENV'] === 'development'
  const unsaid = options.env === undefined && env['NODE_ENV'] === undefined
  return {
    ...settings,
    origin,
    dialect,
    dialectName: typeof choice === 'string' ? choice : 'other',
    scopes: dialect.scopes.setOf([...dialect.scopes.baseline, ...settings.scopes]),
    tokenBase: dialect.hosts === 'two' ? settings.apiOrigin : settings.issuer,
    store: options.store,
    development,
    announces: (origin) => development || (unsaid && isLocal(new URL(origin))),
    lifetimes: { idle: lifetimes.idle ?? dialect.lifetimes.refresh, absolute: lifetimes.absolute },
    onSignIn: options.onSignIn,
    onEvent: told(options.onEvent),
    tracer: options.tracer,
  }
}
