import * as Effect from 'effect/Effect'
import * as RedirectUri from '@civitai-oauth/core/redirect-uri'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { KeptApp } from '../storage/apps.ts'

/** An address that the app registered. Only `checkRedirectUri` makes one; only to one of these is anybody ever sent. */
export type ProvedAddress = string & { readonly ProvedAddress: unique symbol }

/** Still registered, character for character. */
export const prove = (
  app: KeptApp,
  address: string,
  quirks: RedirectUri.Quirks,
): Effect.Effect<ProvedAddress, Refusal> =>
  RedirectUri.matches(app.redirectUris, address, quirks)
    ? Effect.succeed(address as ProvedAddress)
    : refuse('RedirectUriMismatch')

export const checkRedirectUri = (
  app: KeptApp,
  form: Form,
  quirks: RedirectUri.Quirks,
): Effect.Effect<ProvedAddress, Refusal> =>
  Effect.flatMap(required(form, 'redirect_uri'), (address) => prove(app, address, quirks))
