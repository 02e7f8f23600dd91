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

/** To the app's owner alone: they register these addresses, and nobody else is told of them. */
const registeredAre = ({ redirectUris }: KeptApp): string => `You registered for this app: ${redirectUris.join(', ')}.`

/** `byOwner`: the person who asks is the one that registered the app. */
export const checkRedirectUri = (
  app: KeptApp,
  form: Form,
  quirks: RedirectUri.Quirks,
  byOwner: boolean,
): Effect.Effect<ProvedAddress, Refusal> =>
  Effect.flatMap(required(form, 'redirect_uri'), (address) => prove(app, address, quirks)).pipe(
    Effect.mapError((refused) =>
      byOwner && refused._tag === 'RedirectUriMismatch' ? { ...refused, because: registeredAre(app) } : refused,
    ),
  )
