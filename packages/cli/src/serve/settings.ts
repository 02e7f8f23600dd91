/** What `serve` was told, checked: it refuses to start on anything that would not be safe. */
import { type Place, placeOf } from '../data.ts'
import { Failure } from '../failure.ts'
import { type Values, parsePort } from '../options.ts'
import { type Traces, tracesOf } from './traces.ts'
import type { serveOptions } from './options.ts'

export interface Settings {
  readonly origin: string
  readonly place: Place
  readonly port: number
  readonly host: string
  /** Lower case. */
  readonly addressHeader: string | undefined
  readonly profile: string | undefined
  readonly quaily: boolean
  readonly introspectors: readonly string[]
  /** Shows `/metrics` to whoever sends it: never printed. `undefined`: to nobody. */
  readonly metricsBearer: string | undefined
  readonly drainMs: number
  /** `undefined`: no spans are made. */
  readonly traces: Traces | undefined
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

const checkOrigin = (text: string | undefined): string => {
  if (text === undefined) throw new Failure('Give the address people see: --origin https://auth.example.com.')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.origin !== text.replace(/\/$/, ''))
    throw new Failure(`--origin takes an address without a path, like https://auth.example.com, and "${text}" is none.`)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname))) return url.origin
  throw new Failure(`--origin must begin with https:// (plain http:// is for localhost only), and "${text}" does not.`)
}

const checkSeconds = (text: string): number => {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(seconds) || seconds > 3600)
    throw new Failure(`--drain takes whole seconds from 0 to 3600, and "${text}" is none.`)
  return seconds
}

const checkHeader = (name: string): string => {
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw new Failure(`--address-header takes a header's name, and "${name}" is none.`)
  return name.toLowerCase()
}

/** Long enough that nobody guesses it, and nothing but what a header may hold. */
const checkBearer = (text: string | undefined): string | undefined => {
  if (!text) return undefined
  if (!/^[\x21-\x7e]{16,}$/.test(text))
    throw new Failure('METRICS_BEARER must be at least 16 printable characters without spaces.')
  return text
}

export const settingsOf = (
  options: Values<typeof serveOptions>,
  env: Readonly<Record<string, string | undefined>>,
): Settings => {
  const origin = checkOrigin(options.origin)
  const place = placeOf(options.data, env['DATABASE_URL'])
  if (place === undefined)
    throw new Failure('Say where the data is kept: --data DIR, or DATABASE_URL for a Postgres database.')
  return {
    origin,
    place,
    port: parsePort(options.port ?? '4100'),
    host: options.host ?? '127.0.0.1',
    addressHeader: options['address-header'] === undefined ? undefined : checkHeader(options['address-header']),
    profile: options.profile,
    quaily: options.quaily ?? false,
    introspectors: options.introspector ?? [],
    metricsBearer: checkBearer(env['METRICS_BEARER']),
    drainMs: checkSeconds(options.drain ?? '0') * 1000,
    traces: tracesOf(env),
  }
}
