/** The body of a form post. */
import * as Effect from 'effect/Effect'
import type { Incoming } from './exchange.ts'
import { parseForm } from './form.ts'
import { type Refusal, refuse } from './refusal.ts'

const isForm = (contentType: string | null): boolean =>
  contentType !== null && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)

/** Its text, if it says that it is a form. A browser cannot be made to say so from another site without asking. */
export const bodyForm = (incoming: Incoming): Effect.Effect<string, Refusal> =>
  isForm(incoming.header('content-type')) ? bodyText(incoming) : refuse('BodyNotForm')

/** A JSON object, or a form as one. What is neither is refused. */
export const bodyObject = (incoming: Incoming): Effect.Effect<Readonly<Record<string, unknown>>, Refusal> => {
  const type = incoming.header('content-type')
  if (isForm(type)) return Effect.map(Effect.flatMap(bodyText(incoming), parseForm), (form) => Object.fromEntries(form))
  if (type === null || !/^application\/json\s*(;|$)/i.test(type)) return refuse('BodyNotJson')
  return Effect.flatMap(bodyText(incoming), (text) => {
    const value = objectIn(text)
    return value === undefined ? refuse('BodyNotJson') : Effect.succeed(value)
  })
}

const objectIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  // No database text holds this character; as an escape it would come back out of the JSON.
  if (text.includes('\\u0000')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

export const bodyText = (incoming: Incoming): Effect.Effect<string, Refusal> =>
  Effect.tryPromise({ try: () => incoming.text(), catch: (cause) => cause }).pipe(
    Effect.catch((cause) =>
      (cause as { readonly _tag?: string } | null)?._tag === 'BodyTooLarge'
        ? refuse('BodyTooLarge')
        : refuse('ParameterMalformed', 'The body ended early.'),
    ),
  )
