import { describe, expect, it } from 'vitest'
import { tracesOf } from '../../src/serve/traces.ts'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/' }

describe('where spans go', () => {
  it.each([
    ['nothing is said', {}],
    ['the variable is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['OpenTelemetry is turned off', { ...endpoint, OTEL_SDK_DISABLED: 'true' }],
    ['traces are', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
  ])('is nowhere where %s', (_, env) => {
    expect(tracesOf(env)).toBeUndefined()
  })

  it('is below the endpoint, or the very address that is given for traces', () => {
    expect(tracesOf(endpoint)).toEqual({
      url: 'http://localhost:4318/v1/traces',
      headers: {},
      serviceName: 'civitai-oauth',
    })
    const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'https://collector.example.com/in'
    expect(tracesOf({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT })?.url).toBe('https://collector.example.com/in')
  })

  it('knows the service by its name, and the key that the collector wants', () => {
    const more = { OTEL_SERVICE_NAME: 'sign-in', OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b=, other=c' }
    expect(tracesOf({ ...endpoint, ...more })).toMatchObject({
      serviceName: 'sign-in',
      headers: { 'x-key': 'a b=', other: 'c' },
    })
  })

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'must be an address like http://localhost:4318'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'ftp://x' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http/json only'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'hush' }, 'name=value'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'key=%hush' }, 'name=value'],
  ])('is refused in one sentence, without what may be a key: %j', (env, sentence) => {
    expect(() => tracesOf(env)).toThrow(sentence)
    expect(() => tracesOf(env)).not.toThrow('hush')
  })
})
