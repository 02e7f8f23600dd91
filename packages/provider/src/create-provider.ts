/** Puts the provider together: one storage, one clock, the operations on one side and the wire on the other. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import * as z from 'zod/mini'
import { accountsOf } from './accounts/accounts.ts'
import { adminOf } from './admin.ts'
import { apiKeysOf } from './api-keys.ts'
import { appsOf } from './apps.ts'
import { auditOf } from './audit-log.ts'
import { consentView } from './authorize/consent-view.ts'
import { civitaiRoutes } from './civitai/routes.ts'
import { type Clock, systemClock } from './clock.ts'
import { grantsOf } from './grants.ts'
import { type QuailyOptions, quailyShape } from './quaily/options.ts'
import { authorizePath as quailyAuthorize, quailyRoutes } from './quaily/routes.ts'
import { healthRoutes } from './health.ts'
import { sessionCookieOf } from './http/cookie.ts'
import { incomingOf, responseOf } from './http/exchange.ts'
import { routesOf } from './http/route.ts'
import { serve } from './http/serve.ts'
import { limiterOf, sharedLimiterOf } from './limiter.ts'
import { documentedRates, type LimitsOption, limitsOf } from './limits.ts'
import { metricsOf } from './metrics.ts'
import { metricsRoute } from './metrics-route.ts'
import { profilesOf } from './profile.ts'
import type { OutsideAccounts, Provider } from './provider.ts'
import type { Services } from './services.ts'
import type { StorageSource } from './storage/storage.ts'
import { staffOf } from './staff.ts'
import { alarmed, storageAlarm } from './storage-alarm.ts'
import { type Tracer, tracingOf } from './tracing.ts'
import { upkeepOf } from './upkeep.ts'

export interface ProviderOptions {
  /** The server's own origin, e.g. `https://auth.example.com`. Plain http is accepted for loopback only. */
  readonly issuer: string
  /** Where everything is kept: `sqlite({ file })`, `sqlite({ memory: true })`. */
  readonly storage: StorageSource
  /** `'on'` unless told: the documented rates. */
  readonly limits?: LimitsOption
  /** `documented` unless told; `observed`, or either with quirks: `documented,+no-issuer`. */
  readonly profile?: string
  /** Quaily's dialect, mounted at `/quaily`: on unless told. What no source says of it can be chosen. */
  readonly quaily?: boolean | QuailyOptions
  /** Client ids of apps that may introspect any token; every confidential app may introspect its own. */
  readonly introspectors?: readonly string[]
  /** Unix milliseconds. */
  readonly clock?: Clock
  /** Accounts that are kept elsewhere. Without them people sign up here, with an email address and a password. */
  readonly accounts?: OutsideAccounts
  /** Sample people may be signed in with one click. Never for real use. */
  readonly samples?: boolean
  /** Serves Prometheus metrics at `/metrics` to whoever sends this bearer. */
  readonly metricsBearer?: string
  /** Gets a span for each request and each of its storage operations: `trace.getTracer('…')` of `@opentelemetry/api`. */
  readonly tracer?: Tracer
  /** Told of what should not happen. Never holds a secret, code or token. */
  readonly log?: (entry: LogEntry) => void
}

export interface LogEntry {
  readonly level: 'error' | 'warn'
  readonly message: string
  readonly detail: Readonly<Record<string, string>>
}

const rate = z.object({ times: z.int().check(z.positive()), seconds: z.int().check(z.positive()) })

const loopback = ['localhost', '127.0.0.1', '[::1]']

const isIssuer = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    url.origin === text && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname)))
  )
}

const optionsShape = z.object({
  issuer: z.string().check(z.refine(isIssuer, 'must be an origin like https://auth.example.com, without a path')),
  limits: z.optional(z.union([z.literal(['on', 'off']), z.partialRecord(z.enum(Object.keys(documentedRates)), rate)])),
  samples: z.optional(z.boolean()),
  quaily: z.optional(z.union([z.boolean(), quailyShape])),
})

/** `message` is one sentence that says which option to mend. */
export class OptionsInvalid extends Error {
  readonly _tag = 'OptionsInvalid'
}

const checkOptions = ({ issuer, limits, samples, quaily }: ProviderOptions): void => {
  const checked = optionsShape.safeParse({ issuer, limits, samples, quaily })
  if (checked.success) return
  const [problem] = checked.error.issues
  throw new OptionsInvalid(`The provider option ${problem?.path.join('.') ?? ''} is wrong: ${problem?.message ?? ''}.`)
}

/** Every prefix whose paths this server answers itself, known or not; the rest is the portal's. */
const prefixes = ['/metrics', '/api/', '/v2/', '/quaily/', '/legacy/', '/.well-known/', '/healthz', '/readyz']

/**
 * Opens the storage (migrating it forward) and answers the provider.
 *
 * @throws {OptionsInvalid} for an option that cannot be.
 * @throws {StorageCannotOpen} where the data cannot be opened; both messages are one sentence for a person.
 */
export const createProvider = async (options: ProviderOptions): Promise<Provider> => {
  checkOptions(options)
  const profiles = profilesOf()
  const profiled = profiles.set(options.profile ?? 'documented')
  if (profiled._tag === 'Refused') throw new OptionsInvalid(`The provider option profile is wrong. ${profiled.reason}`)
  const { issuer, limits = 'on', clock = systemClock, samples = false, log = () => {} } = options
  const tracing = options.tracer === undefined ? undefined : tracingOf(options.tracer)
  const opened = await options.storage.open()
  const storage = tracing ? tracing.storage(opened) : opened
  const cookie = sessionCookieOf(issuer)
  const limiter = storage.limits ? sharedLimiterOf(clock, storage.limits) : limiterOf(clock)
  const services: Services = { issuer, storage, clock, cookie, profiles, limits: limitsOf(limits, limiter) }
  const alarm = storageAlarm(clock, (reason) =>
    log({ level: 'error', message: 'the database did not answer', detail: { reason } }),
  )
  const upkeep = upkeepOf(storage, clock, alarm)
  const pairwiseSalt = await storage.upkeep.pairwiseSalt()
  // The wire's refusals are heard of by themselves; who calls an operation only sees it fail.
  const told = { ...services, storage: alarmed(storage, alarm) }
  const accountServices = {
    ...told,
    samples,
    outside: options.accounts ?? null,
    limiter: limits === 'off' ? null : limiter,
  }

  const metrics = metricsOf()
  let closing = false
  let inFlight = 0
  let idle: (() => void) | undefined
  const { quaily = true } = options
  const asked = typeof quaily === 'object' ? quaily : {}
  const mounted = quaily === false ? undefined : quailyRoutes(services, pairwiseSalt, asked)
  const entries = [
    ...healthRoutes(storage, () => closing),
    ...(options.metricsBearer === undefined ? [] : [metricsRoute(metrics, options.metricsBearer)]),
    ...civitaiRoutes(services, options.introspectors ?? []),
    ...(mounted?.entries ?? []),
  ]
  const routes = routesOf(entries, mounted?.elsewhere)
  const answer = serve(routes, {
    defect: (defect, route) =>
      log({ level: 'error', message: 'a request failed', detail: { route, defect: nameOf(defect) } }),
    refused: ({ _tag, failure }, route) => {
      metrics.happened(`${route}-${_tag}`)
      if (failure !== undefined) alarm(failure)
    },
    answered: tracing
      ? (route, status, seconds) => {
          metrics.answered(route, status, seconds)
          tracing.answered(route)
        }
      : metrics.answered,
  })
  const counted: Provider['handle'] = async (incoming) => {
    inFlight += 1
    try {
      return await answer(incoming)
    } finally {
      inFlight -= 1
      if (inFlight === 0) idle?.()
    }
  }
  const handle = tracing ? tracing.request(counted) : counted

  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closing = true
    upkeep.stop()
    if (inFlight > 0) await new Promise<void>((done) => void (idle = done))
    await storage.upkeep.close()
  }

  return {
    issuer: services.issuer,
    owns: (pathname) => prefixes.some((prefix) => pathname.startsWith(prefix)),
    handle,
    fetch: async (request, { address = '' } = {}) => responseOf(await handle(incomingOf(request, address))),
    apps: appsOf(told),
    grants: grantsOf(told),
    accounts: accountsOf(accountServices),
    audit: auditOf(told.storage, pairwiseSalt),
    apiKeys: apiKeysOf(told),
    staff: staffOf(told),
    admin: adminOf(accountServices),
    profile: profiles,
    dialects: mounted === undefined ? ['civitai'] : ['civitai', 'quaily'],
    consent: consentView(told, { civitai: civitai.endpoints.authorize, quaily: quailyAuthorize }),
    drain: () => void (closing = true),
    close: () => (closed ??= close()),
  }
}

/** What a defect was, without anything it may have carried. */
const nameOf = (defect: unknown): string =>
  defect instanceof Error ? `${defect.name} ${whereOf(defect)}` : typeof defect

const whereOf = ({ stack }: Error): string =>
  stack
    ?.split('\n')
    .find((line) => line.includes('/src/') || line.includes('/dist/'))
    ?.trim() ?? ''
