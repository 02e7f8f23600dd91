/**
 * POST at the authorize endpoint is one of two things, told apart by its fields. A form that holds any field of the
 * consent page is an answer, and answered as strictly as one. A form that holds none is an app's request, as OpenID
 * Connect Core section 3.1.2.1 lets it be sent, and does what GET does: it shows a page, and decides nothing.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { bodyForm } from '../http/body.ts'
import { type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import { answerConsent, checkOrigin } from './answer-consent.ts'
import { authorize } from './authorize.ts'

const answers = ['request', 'approved', 'remember', 'buzz_limit']

const isAnswer = (text: string): boolean => [...new URLSearchParams(text).keys()].some((name) => answers.includes(name))

/** What an app says in its request. Nothing else that was posted, a secret sent here by mistake for one, enters an address. */
const parameters = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'prompt',
]

/**
 * The same request as GET would carry it, so that a sign-in page can lead back to it; encoded anew, for a body may hold
 * what no address may, line breaks first of all.
 */
const asAddress = (incoming: Incoming, query: string): Incoming => {
  const kept = [...new URLSearchParams(query)].filter(([name]) => parameters.includes(name))
  return {
    method: incoming.method,
    target: `${splitTarget(incoming.target).path}?${new URLSearchParams(kept)}`,
    address: incoming.address,
    header: (name) => incoming.header(name),
    text: () => Promise.resolve(''),
  }
}

export const posted = (services: Services, dialect: Dialect) => {
  const start = authorize(services, dialect)
  const answer = answerConsent(services, dialect)
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    const text = yield* bodyForm(incoming)
    if (!isAnswer(text)) {
      const all = [query, text].filter((part) => part !== '').join('&')
      return yield* start(asAddress(incoming, all), all)
    }
    yield* checkOrigin(services, incoming)
    return yield* answer(incoming, yield* parseForm(text))
  })
}
