/** `/healthz`: the process answers. `/readyz`: it takes requests, and the database answers too. */
import * as Effect from 'effect/Effect'
import { json, jsonRefusal } from './http/answer.ts'
import { refuse } from './http/refusal.ts'
import type { Entry, Route } from './http/route.ts'
import { step } from './storage/step.ts'
import type { Storage } from './storage/storage.ts'

export const healthRoutes = (storage: Storage, isClosing: () => boolean): readonly Entry[] => {
  const alive = json(200, { status: 'ok' })
  const route = (run: Route['methods'][string]): Route => ({
    name: 'health',
    methods: { GET: run },
    refused: jsonRefusal,
    cors: false,
  })
  return [
    ['/healthz', route(() => Effect.succeed(alive))],
    [
      '/readyz',
      route(() =>
        isClosing()
          ? refuse('StorageUnavailable', 'The server is stopping.', ['retry-after', '5'])
          : Effect.as(
              step(() => storage.upkeep.ping()),
              alive,
            ),
      ),
    ],
  ]
}
