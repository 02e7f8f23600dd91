/**
 * Where spans go, by OpenTelemetry's own variables: `OTEL_EXPORTER_OTLP_ENDPOINT` turns them on. Sampling is the
 * collector's.
 *
 * Source: OpenTelemetry's "Environment Variable Specification" and "OTLP Exporter Configuration".
 */
import { Failure } from '../failure.ts'

export interface Traces {
  /** Where batches are posted, as JSON. */
  readonly url: string
  /** May hold a key: never printed. */
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
}

type Environment = Readonly<Record<string, string | undefined>>

const checkUrl = (name: string, text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Failure(`${name} must be an address like http://localhost:4318.`)
  return text
}

/** `key=value,key=value`, each half percent-encoded. */
const headersIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const [, key = '', value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(pair) ?? []
        try {
          if (key !== '') return [decodeURIComponent(key).toLowerCase(), decodeURIComponent(value.trim())]
        } catch {
          // Said below, without what it holds.
        }
        throw new Failure('OTEL_EXPORTER_OTLP_HEADERS must look like name=value,other=value, percent-encoded.')
      }),
  )

const addressIn = (env: Environment): string | undefined => {
  const whole = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  if (whole) return checkUrl('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', whole)
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT']
  return base ? `${checkUrl('OTEL_EXPORTER_OTLP_ENDPOINT', base).replace(/\/$/, '')}/v1/traces` : undefined
}

export const tracesOf = (env: Environment): Traces | undefined => {
  const off = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none'
  const url = off ? undefined : addressIn(env)
  if (url === undefined) return undefined
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL']
  if (protocol && protocol !== 'http/json')
    throw new Failure(`Spans are sent as http/json only: take OTEL_EXPORTER_OTLP_PROTOCOL=${protocol} away.`)
  return {
    url,
    headers: headersIn(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] || env['OTEL_EXPORTER_OTLP_HEADERS'] || ''),
    serviceName: env['OTEL_SERVICE_NAME'] || 'civitai-oauth',
  }
}
