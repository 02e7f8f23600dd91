/** `civitai-oauth serve`: provider and portal for real people. No sample people, no control API. */
import { createProvider } from '@civitai-oauth/provider'
import { listen, nodeListener } from '@civitai-oauth/provider/node'
import type { OtlpTracer } from '@civitai-oauth/provider/otlp'
import { storageAt } from '../data.ts'
import { parse } from '../options.ts'
import { loadPortal } from '../portal.ts'
import { stopOnSignal } from '../stop.ts'
import { addressFrom } from './address.ts'
import { serveOptions } from './options.ts'
import { settingsOf } from './settings.ts'
import type { Traces } from './traces.ts'
import { version } from '../version.ts'

type Level = 'info' | 'warn' | 'error'

/** One line of JSON an event. No secret, code or token is ever handed to it. */
const log = (level: Level, message: string, detail: Readonly<Record<string, string>> = {}): void => {
  console.log(JSON.stringify({ at: new Date().toISOString(), level, message, ...detail }))
}

const wait = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms))

/** What makes and sends spans is loaded only where they are asked for. */
const startTraces = async (traces: Traces): Promise<OtlpTracer> => {
  const { otlpTracer } = await import('@civitai-oauth/provider/otlp')
  return otlpTracer({ ...traces, serviceVersion: version })
}

export const serve = async (args: readonly string[]): Promise<void> => {
  const settings = settingsOf(parse('serve', serveOptions, args), process.env)
  const addressOf = addressFrom(settings.addressHeader)
  const pages = await loadPortal(addressOf)
  const traces = settings.traces && (await startTraces(settings.traces))
  const provider = await createProvider({
    issuer: settings.origin,
    storage: await storageAt(settings.place),
    limits: 'on',
    quaily: settings.quaily,
    introspectors: settings.introspectors,
    ...(settings.metricsBearer === undefined ? {} : { metricsBearer: settings.metricsBearer }),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...(traces === undefined ? {} : { tracer: traces.tracer }),
    log: ({ level, message, detail }) => log(level, message, detail),
  })
  const wire = nodeListener(provider, { addressOf })

  let draining = false
  const listening = await listen(
    (request, response) => {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      if (draining && path === '/readyz') response.writeHead(503, { 'retry-after': '5' }).end()
      else if (provider.owns(path)) wire(request, response)
      else pages(request, response, provider)
    },
    settings.port,
    settings.host,
  ).catch(async (error: unknown) => {
    await provider.close()
    throw error
  })

  stopOnSignal(async () => {
    // Not ready first, so that whoever sends requests here stops; then what is in flight finishes.
    draining = true
    log('info', 'stopping')
    await wait(settings.drainMs)
    await listening.close()
    await provider.close()
    await traces?.close()
    log('info', 'stopped')
  })
  log('info', 'ready', { origin: settings.origin, address: settings.host, port: String(listening.port) })
}
