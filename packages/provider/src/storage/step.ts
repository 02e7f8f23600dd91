/** The one step of a request that reaches storage, as an Effect: an engine that cannot answer is a 503, not a defect. */
import * as Effect from 'effect/Effect'
import { type Refusal, refusal } from '../http/refusal.ts'

const unavailable = refusal('StorageUnavailable', undefined, ['retry-after', '2'])

const failed = (cause: unknown): Effect.Effect<never, Refusal> =>
  // Anything but an engine's own failure is a mistake of ours, and must not hide behind "try later".
  (cause as { readonly _tag?: string } | null)?._tag === 'StorageUnavailable'
    ? Effect.fail({ ...unavailable, failure: cause })
    : Effect.die(cause)

export const step = <A>(operation: () => Promise<A>): Effect.Effect<A, Refusal> =>
  Effect.tryPromise({ try: operation, catch: (cause) => cause }).pipe(Effect.catch(failed))
