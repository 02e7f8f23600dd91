/** `GET <callbackPath>`: the browser comes back from the authorization server. */
import { interpret } from '@civitai-oauth/core/effect'
import * as SignIn from '@civitai-oauth/core/sign-in'
import * as Effect from 'effect/Effect'
import { errorAnswer, redirect } from './answer.ts'
import { findAttempt, readUsed, usedAttempt } from './attempt-cookie.ts'
import type { Context } from './context.ts'
import { parseCookies, removeCookie } from './cookie.ts'
import { type ClientErrorTag, CivitaiAuthError, type ErrorDetails } from './error.ts'
import type { ExchangeAnswer } from './exchanger.ts'
import { openVisit } from './visit.ts'

const tagOf: Record<SignIn.Rejection, ClientErrorTag> = {
  StateMismatch: 'StateMismatch',
  IssuerMismatch: 'IssuerMismatch',
  AttemptExpired: 'AttemptExpired',
  Denied: 'ConsentDenied',
  InteractionRequired: 'ServerRefused',
  ServerRefused: 'ServerRefused',
  CodeMissing: 'CodeMissing',
}

/** The query as it came; `undefined` when a parameter comes twice, for then nobody knows which one counts. */
const queryOf = (parameters: URLSearchParams): SignIn.CallbackQuery | undefined => {
  const query: Record<string, string> = {}
  for (const name of ['code', 'state', 'iss', 'error']) {
    const values = parameters.getAll(name)
    if (values.length > 1) return
    if (values[0] !== undefined) query[name] = values[0]
  }
  return query
}

const isState = (value: string | undefined): value is string => value !== undefined && /^[0-9a-f]{32}$/.test(value)
/** Only codes as RFC 6749 spells them are repeated on a page. */
const plainError = (error: string | undefined) =>
  error !== undefined && /^[\w.-]{1,60}$/.test(error) ? error : undefined

export const callback = async (context: Context, request: Request): Promise<Response> => {
  const { settings, platform, sealer, server, exchanger } = context
  const { names } = context.site(request)
  const cookies = parseCookies(request.headers.get('cookie'))
  const signInPath = `${settings.basePath}/sign-in`
  const query = queryOf(new URL(request.url).searchParams)

  const fail = (
    tag: ClientErrorTag,
    more: Partial<ErrorDetails> = {},
    attempt?: SignIn.Pending,
    setCookies: readonly string[] = [],
  ) => {
    settings.onEvent({ type: 'sign-in-failed', error: tag })
    const retry = attempt === undefined ? signInPath : `${signInPath}?returnTo=${encodeURIComponent(attempt.returnTo)}`
    return errorAnswer(new CivitaiAuthError(tag, { message: tag, ...more }), request, retry, setCookies)
  }

  if (query === undefined || !isState(query.state)) return fail('StateMismatch')
  const used = await readUsed(query.state, cookies, names, sealer)
  if (used !== undefined) {
    const visit = await openVisit(context, request)
    return 'live' in visit.state() ? redirect(used, await visit.commit()) : fail('AttemptUsed')
  }
  const found = await findAttempt(query.state, cookies, names, sealer)
  if (found._tag !== 'Found') return fail(found._tag === 'Missing' ? 'AttemptMissing' : 'AttemptUnsealable')
  const { pending, scopes } = found.attempt

  const inDoubt = query.iss === undefined && query.code !== undefined
  const issuerRequired = await Effect.runPromise(
    inDoubt
      ? Effect.catchTag(server.issuerRequired, 'Unavailable', () => Effect.succeed(undefined))
      : Effect.succeed(true),
  )
  if (issuerRequired === undefined) return fail('ServerUnavailable', {}, pending)

  let arrived: Extract<ExchangeAnswer, { _tag: 'Arrived' }> | undefined
  let dropped = false
  const machine = await Effect.runPromise(
    interpret(SignIn.transition, SignIn.resume(pending), (command: SignIn.Command) => {
      if (command._tag === 'DropAttempt') dropped = true
      if (command._tag !== 'ExchangeCode') return Effect.succeed(undefined)
      return Effect.map(exchanger.exchange(command.callback, scopes), (answer): SignIn.Event => {
        if (answer._tag === 'Failed') return { _tag: 'ExchangeFailed', failure: answer.failure }
        arrived = answer
        return { _tag: 'Exchanged', tokens: answer.live.tokens }
      })
    }),
  )
  const end = await Effect.runPromise(
    machine.dispatch({
      _tag: 'Callback',
      query,
      expected: { issuer: settings.issuer, issuerRequired },
      at: platform.now(),
    }),
  )
  const over = dropped ? [removeCookie(names, names.attempt(pending.state))] : []

  if (end._tag === 'SignedIn' && arrived !== undefined) {
    const visit = await openVisit(context, request)
    await visit.dispatch({ _tag: 'SignedIn', live: arrived.live })
    settings.onEvent({ type: 'signed-in', userId: arrived.live.user.id, restored: pending.silent })
    const guard = cookies.has(names.guard) ? [removeCookie(names, names.guard)] : []
    const kept = await usedAttempt(pending, names, sealer)
    return redirect(pending.returnTo, [...(await visit.commit()), ...guard, kept])
  }
  if (end._tag === 'Rejected' && pending.silent) {
    const visit = await openVisit(context, request, 'restoring')
    const failed = end.rejection === 'InteractionRequired' || end.rejection === 'Denied'
    await visit.dispatch(
      failed ? { _tag: 'RestoreFailed' } : { _tag: 'RestoreUnavailable', until: platform.now() + 30_000 },
    )
    return redirect(pending.returnTo, [...(await visit.commit()), ...over])
  }
  if (end._tag === 'Rejected') {
    const serverError = plainError(query.error)
    return fail(tagOf[end.rejection], serverError === undefined ? {} : { serverError }, pending, over)
  }
  if (end._tag === 'ExchangeFailed')
    return end.failure.kind === 'unavailable'
      ? fail('ServerUnavailable', {}, pending, over)
      : fail('ExchangeRefused', { serverError: end.failure.error }, pending, over)
  return fail('StateMismatch')
}
