/**
 * The emulator: a provider with sample people and apps, a clock that moves on demand and a control API, listening on
 * this machine. For a laptop and for tests; never for real people.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { incomingOf, responseOf } from '../http/exchange.ts'
import { createProvider } from '../index.ts'
import { type Listening, listenLocally } from '../listen.ts'
import type { LimitsOption } from '../limits.ts'
import type { Provider } from '../provider.ts'
import type { StorageSource } from '../storage/storage.ts'
import { type EmulatorClock, createClock } from './clock.ts'
import { type Faults, createFaults } from './fault.ts'
import { type Log, createLog } from './log.ts'
import { dropConnection, listenerOf } from './listener.ts'
import { recorded } from './recorder.ts'
import { type Samples, plant, samplesOf } from './samples.ts'
import { type Seed, ownSeed, together } from './seed.ts'

/** Answers what is not the provider's: the portal's pages. */
export type Pages = (request: IncomingMessage, response: ServerResponse, provider: Provider) => void

export interface EmulatorOptions {
  readonly storage: StorageSource
  /** 0, which takes a free one, unless told. */
  readonly port?: number
  readonly pages?: Pages
  /** Off unless told: a test asks more often than a person. */
  readonly limits?: LimitsOption
  /** `documented` unless told; `observed`, or either with quirks: `documented,+name`. A reset goes back to it. */
  readonly profile?: string
  /** More people and apps than its own. */
  readonly seed?: Seed | undefined
  /** Credentials of the sample apps, as an earlier run of the same storage gave them. */
  readonly samples?: Samples | undefined
}

export interface Emulator {
  /** `http://localhost:PORT`. */
  readonly issuer: string
  readonly provider: Provider
  readonly clock: EmulatorClock
  readonly log: Log
  readonly faults: Faults
  samples(): Samples
  /** Back to the sample data and the machine's time. Credentials of the sample apps stay. */
  reset(): Promise<void>
  /** What is in flight finishes first. */
  close(): Promise<void>
}

const notReady = (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(503, { 'retry-after': '1' }).end()
}

/** @throws {CannotListen | StorageCannotOpen | OptionsInvalid | SeedInvalid} with one sentence that says what to do. */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  // The port first: it is part of the issuer, and a busy one is found before any data is touched.
  let answer = notReady
  const listening: Listening = await listenLocally((request, response) => answer(request, response), options.port ?? 0)
  try {
    const issuer = `http://localhost:${listening.port}`
    const clock = createClock()
    const log = createLog()
    const seed = options.seed === undefined ? ownSeed : together(ownSeed, options.seed)
    const samples = samplesOf(seed, options.samples)
    const faults = createFaults()
    const profile = options.profile ?? 'documented'
    const real = await createProvider({
      issuer,
      storage: options.storage,
      clock,
      samples: true,
      limits: options.limits ?? 'off',
      profile,
    })
    await plant(real.admin, seed, samples).catch(async (error: unknown) => {
      await real.close()
      throw error
    })
    const handle = faults.around(recorded(real.handle, log, clock), dropConnection)
    const provider: Provider = {
      ...real,
      handle,
      fetch: async (request, from) => responseOf(await handle(incomingOf(request, from?.address ?? '127.0.0.1'))),
    }
    const emulator: Emulator = {
      issuer,
      provider,
      faults,
      clock,
      log,
      samples: () => samples,
      reset: async () => {
        clock.reset()
        log.clear()
        faults.clear()
        real.profile.set(profile)
        await real.admin.reset()
        await plant(real.admin, seed, samples)
      },
      close: async () => {
        await listening.close()
        await provider.close()
      },
    }
    answer = listenerOf(emulator, options.pages)
    return emulator
  } catch (error) {
    await listening.close(0)
    throw error
  }
}
