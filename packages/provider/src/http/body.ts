/** The body of a form post. */
import * as Effect from 'effect/Effect'
import type { Incoming } from './exchange.ts'
import { type Refusal, refuse } from './refusal.ts'

const isForm = (contentType: string | null): boolean =>
  contentType !== null && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)

/** Its text, if it says that it is a form. A browser cannot be made to say so from another site without asking. */
export const bodyForm = (incoming: Incoming): Effect.Effect<string, Refusal> =>
  isForm(incoming.header('content-type')) ? bodyText(incoming) : refuse('BodyNotForm')

export const bodyText = (incoming: Incoming): Effect.Effect<string, Refusal> =>
  Effect.tryPromise({ try: () => incoming.text(), catch: (cause) => cause }).pipe(
    Effect.catch((cause) =>
      (cause as { readonly _tag?: string } | null)?._tag === 'BodyTooLarge'
        ? refuse('BodyTooLarge')
        : refuse('ParameterMalformed', 'The body ended early.'),
    ),
  )
