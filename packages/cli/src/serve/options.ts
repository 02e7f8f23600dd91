import type { Options } from '../options.ts'

export const serveOptions = {
  origin: { type: 'string', value: 'URL', help: 'the address people see, e.g. https://auth.example.com (required)' },
  data: {
    type: 'string',
    value: 'DIR',
    help: 'where the data is kept (required, unless DATABASE_URL names a Postgres database)',
  },
  port: { type: 'string', value: 'PORT', help: 'where to listen (4100)' },
  host: { type: 'string', value: 'ADDRESS', help: 'on which address of this machine (127.0.0.1)' },
  'address-header': {
    type: 'string',
    value: 'NAME',
    help: "the header in which your proxy writes the caller's address; without it the connection's own counts",
  },
  profile: { type: 'string', value: 'PROFILE', help: 'documented (unless told) or observed, with +QUIRK or -QUIRK' },
  introspector: {
    type: 'string',
    multiple: true,
    value: 'CLIENT_ID',
    help: 'an app that may introspect any token, once for each; others may introspect their own',
  },
  quaily: { type: 'boolean', help: "also answer Quaily's dialect, below /quaily" },
  drain: {
    type: 'string',
    value: 'SECONDS',
    help: 'when asked to stop: how long /readyz says no before nothing more is accepted (0)',
  },
} as const satisfies Options

/** What may be secret is never an option: other people on a machine can read those. */
export const serveEnvironment = {
  DATABASE_URL: 'postgres://user:password@host:5432/database, in place of --data',
  METRICS_BEARER: 'shows /metrics to whoever sends it; at least 16 characters',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'sends spans to this OpenTelemetry collector, e.g. http://localhost:4318',
} as const
