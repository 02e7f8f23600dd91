/** `GET <callbackPath>`: the browser comes back from the authorization server. */
import { interpret } from '@civitai-oauth/core/effect'
import type * as Session from '@civitai-oauth/core/session'
import * as SignIn from '@civitai-oauth/core/sign-in'
import * as Effect from 'effect/Effect'
import { errorAnswer, redirect } from './answer.ts'
import { findAttempt, readUsed, usedAttempt } from './attempt-cookie.ts'
import { circling } from './circling.ts'
import type { Context } from './context.ts'
import { parseCookies, removeCookie } from './cookie.ts'
import type { AnyAuthError } from '@civitai-oauth/core/errors'
import { failure } from './error.ts'
import type { ExchangeAnswer } from './exchanger.ts'
import { signInPath } from './routes.ts'
import { run } from './run.ts'
import { openVisit } from './visit.ts'

type Ended = Extract<SignIn.State, { readonly _tag: 'Rejected' | 'ExchangeFailed' }>

/** What went wrong, as an error of the catalogue. */
const failureOf = (end: Ended, query: SignIn.CallbackQuery, now: number): AnyAuthError => {
  if (end._tag === 'ExchangeFailed')
    return end.failure.kind === 'refused'
      ? failure('ExchangeRefused', { error: end.failure.error })
      : failure('ServerUnavailable', { until: now, sent: true })
  if (end.rejection === 'Denied') return failure('ConsentDenied')
  if (end.rejection === 'ServerRefused' || end.rejection === 'InteractionRequired')
    return failure('ServerRefused', { error: query.error ?? '' })
  return failure(end.rejection)
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

/**
 * A silent round trip brings back the person who was here. Another account of this browser was not asked for, and who
 * signed out meanwhile stays signed out.
 */
const isSomebodyElse = (before: Session.State, { user }: Session.Live) => {
  const known = 'live' in before ? before.live.user : 'user' in before ? before.user : undefined
  return known?.id !== user.id
}

export const callback = async (context: Context, request: Request): Promise<Response> => {
  const { settings, platform, sealer, server, exchanger } = context
  const { names } = context.site(request)
  const cookies = parseCookies(request.headers.get('cookie'))
  const query = queryOf(new URL(request.url).searchParams)

  const fail = (error: AnyAuthError, attempt?: SignIn.Pending, setCookies: readonly string[] = []) => {
    settings.onEvent({ type: 'sign-in-failed', error: error._tag })
    const retry = signInPath(settings, attempt && { returnTo: attempt.returnTo })
    return errorAnswer(error, request, retry, setCookies, platform.now())
  }

  if (query === undefined || !isState(query.state)) return fail(failure('StateMismatch'))
  const used = await readUsed(query.state, cookies, names, sealer)
  if (used !== undefined) {
    const visit = await openVisit(context, request, 'as-is')
    return 'live' in visit.state() ? redirect(used) : fail(failure('AttemptUsed'))
  }
  const found = await findAttempt(query.state, cookies, names, sealer)
  if (found._tag !== 'Found') return fail(failure(found._tag === 'Missing' ? 'AttemptMissing' : 'AttemptUnsealable'))
  const { pending, scopes } = found.attempt

  const inDoubt = query.iss === undefined && query.code !== undefined
  const issuerRequired = await run(
    inDoubt
      ? Effect.catchTag(server.issuerRequired, 'Unavailable', () => Effect.succeed(undefined))
      : Effect.succeed(true),
  )
  if (issuerRequired === undefined)
    return fail(failure('ServerUnavailable', { until: platform.now(), sent: false }), pending)

  let arrived: Extract<ExchangeAnswer, { _tag: 'Arrived' }> | undefined
  let dropped = false
  const machine = await run(
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
  const end = await run(
    machine.dispatch({
      _tag: 'Callback',
      query,
      expected: { issuer: settings.issuer, issuerRequired },
      at: platform.now(),
    }),
  )
  const over = dropped ? [removeCookie(names, names.attempt(pending.state))] : []

  if (end._tag === 'SignedIn' && arrived !== undefined) {
    const { live } = arrived
    const visit = await openVisit(context, request, pending.silent ? 'restoring' : 'as-is')
    const before = visit.state()
    const kept = await usedAttempt(pending, names, sealer)
    if (pending.silent && isSomebodyElse(before, live)) {
      await run(server.revoke(live.tokens.refreshToken ?? live.tokens.accessToken))
      await visit.dispatch({ _tag: 'RestoreFailed' })
      return redirect(pending.returnTo, [...(await visit.commit()), kept])
    }
    await visit.dispatch({ _tag: 'SignedIn', live })
    settings.onEvent({ type: 'signed-in', userId: live.user.id, restored: pending.silent })
    const guard = cookies.has(names.guard) ? [removeCookie(names, names.guard)] : []
    const setCookies = [...(await visit.commit()), ...guard, kept]
    const held = 'live' in before ? { ...before.live, scopes: before.live.tokens.scopes } : undefined
    const missing = circling(held, live, scopes)
    if (missing.length === 0) return redirect(pending.returnTo, setCookies)
    const retry = signInPath(settings, { returnTo: pending.returnTo, scopes: missing })
    return errorAnswer(failure('ScopesMissing', { missing }), request, retry, setCookies)
  }
  if (end._tag !== 'Rejected' && end._tag !== 'ExchangeFailed') return fail(failure('StateMismatch'))
  if (!pending.silent) return fail(failureOf(end, query, platform.now()), pending, over)

  // Nobody asked for a silent attempt, so nobody is shown how it failed: the page they wanted tells what stands.
  const visit = await openVisit(context, request, 'restoring')
  const refused = end._tag === 'Rejected' && (end.rejection === 'InteractionRequired' || end.rejection === 'Denied')
  await visit.dispatch(refused ? { _tag: 'RestoreFailed' } : { _tag: 'RestoreUnavailable', until: platform.now() })
  return redirect(pending.returnTo, [...(await visit.commit()), ...over])
}
