/**
 * POST at the authorize endpoint is one of two things, told apart by its fields. A form that holds any field of the
 * consent page is an answer, and answered as strictly as one. A form that holds none is an app's request, as OpenID
 * Connect Core section 3.1.2.1 lets it be sent, and does what GET does: it shows a page, and decides nothing.
 */
import * as Effect from 'effect/Effect'
import * as Result from 'effect/Result'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { bodyForm } from '../http/body.ts'
import { type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import { answerConsent, checkOrigin } from './answer-consent.ts'
import { authorize } from './authorize.ts'
import { toSelf } from './way-back.ts'

const answers = ['request', 'approved', 'remember', 'buzz_limit']

const isAnswer = (text: string): boolean => [...new URLSearchParams(text).keys()].some((name) => answers.includes(name))

/** Both halves as one address carries them: a body may hold what no header may, line breaks first of all. */
const together = (query: string, text: string): string =>
  String(new URLSearchParams([...new URLSearchParams(query), ...new URLSearchParams(text)]))

/** The same request as GET would carry it, so that a sign-in page can lead back to it. */
const asAddress = (incoming: Incoming, query: string): Incoming => ({
  method: incoming.method,
  target: `${splitTarget(incoming.target).path}?${query}`,
  address: incoming.address,
  header: (name) => incoming.header(name),
  text: () => Promise.resolve(''),
})

/**
 * True for a form of another site's page without our cookie, which SameSite=Lax keeps back: whether anybody is signed in
 * here is known only when the browser asks again by GET.
 */
const withheldCookie = ({ cookie, issuer }: Services, { header }: Incoming): boolean => {
  const origin = header('origin')
  return origin !== null && origin !== issuer && cookie.read(header('cookie')) === null
}

export const posted = (services: Services, dialect: Dialect) => {
  const start = authorize(services, dialect)
  const answer = answerConsent(services, dialect)
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    const text = yield* Effect.result(bodyForm(incoming))
    if (Result.isSuccess(text) && !isAnswer(text.success)) {
      const all = together(query, text.success)
      const asked = asAddress(incoming, all)
      return withheldCookie(services, incoming) ? toSelf(asked.target) : yield* start(asked, all)
    }
    yield* checkOrigin(services, incoming)
    return yield* answer(incoming, yield* parseForm(yield* Effect.fromResult(text)))
  })
}
