/** Parameters of a query or a form body: each once, and only text that every database can hold. */
import * as Effect from 'effect/Effect'
import { type Refusal, refuse } from './refusal.ts'

export type Form = ReadonlyMap<string, string>

const pairs = (text: string): Iterable<readonly [string, string]> =>
  text.includes('%') || text.includes('+')
    ? new URLSearchParams(text)
    : text.split('&').map((pair) => {
        const at = pair.indexOf('=')
        return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      })

/** An empty value counts as absent: RFC 6749 section 3.1. */
export const parseForm = (text: string): Effect.Effect<Form, Refusal> => {
  const form = new Map<string, string>()
  if (text === '') return Effect.succeed(form)
  const seen = new Set<string>()
  for (const [name, value] of pairs(text)) {
    if (name === '' && value === '') continue
    if (seen.has(name)) return refuse('ParameterDuplicated', `The parameter ${shown(name)} was sent twice.`)
    if (value.includes('\0') || !value.isWellFormed())
      return refuse('ParameterMalformed', `The parameter ${shown(name)} holds characters that are not text.`)
    seen.add(name)
    if (value !== '') form.set(name, value)
  }
  return Effect.succeed(form)
}

/** A parameter's name as an error may repeat it. */
const shown = (name: string): string => name.replaceAll(/[^\w.[\]-]/g, '?').slice(0, 40)

export const required = (form: Form, name: string): Effect.Effect<string, Refusal> => {
  const value = form.get(name)
  return value === undefined ? refuse('ParameterMissing', `The parameter ${name} is missing.`) : Effect.succeed(value)
}
