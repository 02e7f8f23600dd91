/** Rate limits of the endpoints: on in `serve`, off where a laptop or a test would only trip over them. */
import * as Effect from 'effect/Effect'
import { type Refusal, refuse } from './http/refusal.ts'
import type { Limiter, Rate } from './limiter.ts'
import { step } from './storage/step.ts'

/** Source: Civitai's public OAuth pages. `token` and `introspect` count by client, `authorize` by person, `revoke` by address. */
export const documentedRates = {
  authorize: { times: 10, seconds: 60 },
  token: { times: 20, seconds: 60 },
  revoke: { times: 20, seconds: 60 },
  introspect: { times: 600, seconds: 60 },
} satisfies Record<string, Rate>

export type RateTable = Readonly<Record<keyof typeof documentedRates, Rate>>

/** `'on'`: the documented rates. `'off'`: none. A table: the documented ones, with these instead. */
export type LimitsOption = 'on' | 'off' | Partial<RateTable>

export interface Limits {
  /** Counts one request; refuses it above the rate, with `Retry-After`. `apart`: a count of its own, at the same rate. */
  check(name: keyof RateTable, key: string, apart?: string): Effect.Effect<void, Refusal>
  /** Counts nothing; refuses where one more request would be above the rate. */
  room(name: keyof RateTable, key: string): Effect.Effect<void, Refusal>
}

export const limitsOf = (option: LimitsOption, limiter: Limiter): Limits => {
  if (option === 'off') return { check: () => Effect.void, room: () => Effect.void }
  const rates: RateTable = option === 'on' ? documentedRates : { ...documentedRates, ...option }
  return {
    check: (name, key, apart = name) => waiting(() => limiter.hit(apart, key, rates[name])),
    room: (name, key) => waiting(() => limiter.room(name, key, rates[name])),
  }
}

const waiting = (ask: () => number | Promise<number>): Effect.Effect<void, Refusal> =>
  Effect.suspend(() => {
    const wait = ask()
    return typeof wait === 'number'
      ? within(wait)
      : Effect.flatMap(
          step(() => wait),
          within,
        )
  })

const within = (wait: number): Effect.Effect<void, Refusal> =>
  wait === 0 ? Effect.void : refuse('TooManyRequests', undefined, ['retry-after', String(wait)])
