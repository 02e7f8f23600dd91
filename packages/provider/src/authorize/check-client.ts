import * as Effect from 'effect/Effect'
import type { DialectName } from '@civitai-oauth/core/dialect'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import type { Storage } from '../storage/storage.ts'

/** No id of ours is anything else, so nothing else is looked up. */
export const isClientId = (text: string): boolean => /^[\w.-]{1,128}$/.test(text)

/** The app that asks, as it is registered now. An app of another dialect is unknown here. */
export const checkClient = Effect.fnUntraced(function* (
  { apps }: Storage,
  dialect: DialectName,
  form: Form,
): Effect.fn.Return<KeptApp, Refusal> {
  const clientId = yield* required(form, 'client_id')
  const app = isClientId(clientId) ? yield* step(() => apps.find(clientId)) : null
  return app?.dialect === dialect ? app : yield* refuse('ClientUnknown')
})
