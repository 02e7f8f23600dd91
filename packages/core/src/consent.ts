/**
 * Consent: what an app asks for, what it will get, what the person is told, what is remembered, and when to ask again.
 *
 * Source: the seed "Registering an OAuth app"; Civitai's wire contract, authorize; RFC 9700 section 4.
 */
import type { BuzzLimit } from './buzz-limit.ts'
import type { Dialect } from './dialect.ts'

export interface ConsentDiff<S extends string> {
  /** What the token will hold, the baseline included. */
  readonly granted: readonly S[]
  /** Asked for, and not available to this app. */
  readonly unavailable: readonly S[]
  /** In `granted`, and not in what the person granted before. */
  readonly added: readonly S[]
}

/** The exact set a request leads to, trimmed to what the app is allowed. */
export const diff = <S extends string>(
  { scopes }: Dialect<S>,
  requested: readonly S[],
  allowed: readonly S[],
  before: readonly S[],
): ConsentDiff<S> => {
  const within = scopes.withImplied([...allowed, ...scopes.baseline])
  const held = scopes.withImplied(before)
  const granted = scopes.setOf([...scopes.baseline, ...requested.filter((scope) => within.includes(scope))])
  return {
    granted,
    unavailable: scopes.setOf(requested.filter((scope) => !within.includes(scope))),
    added: granted.filter((scope) => !held.includes(scope)),
  }
}

/** Scopes that this app may not even ask for: they need the trust flag. */
export const forbidden = <S extends string>(dialect: Dialect<S>, requested: readonly S[], trusted: boolean): S[] =>
  trusted ? [] : requested.filter((scope) => dialect.scopes.trustedOnly.includes(scope))

/** What one person granted one app. */
export interface Grant<S extends string = string> {
  readonly scopes: readonly S[]
  /** The person ticked "remember": the same request passes without a page. */
  readonly remembered: boolean
  /** `null` is no cap. */
  readonly buzzLimit: BuzzLimit | null
}

/** OpenID Connect Core section 3.1.2.1. `none`: no page may be shown. `consent`: the page is wanted. */
export type Prompt = 'none' | 'consent'

/** Why a page is needed. */
export type Why = 'first-time' | 'wider' | 'not-remembered' | 'asked-to'

export type Question =
  | { readonly _tag: 'Silent' }
  | { readonly _tag: 'Ask'; readonly why: Why }
  /** A page is needed and none may be shown: the app is told `consent_required`. */
  | { readonly _tag: 'CannotAsk'; readonly why: Why }

/** When to ask: unless the person remembered a grant that covers all of it, always. */
export const question = <S extends string>(
  { scopes }: Dialect<S>,
  granted: readonly S[],
  before: Grant<S> | null,
  prompt?: Prompt,
): Question => {
  const why: Why | undefined =
    before === null
      ? 'first-time'
      : !scopes.contains(before.scopes, granted)
        ? 'wider'
        : !before.remembered
          ? 'not-remembered'
          : prompt === 'consent'
            ? 'asked-to'
            : undefined
  if (why === undefined) return { _tag: 'Silent' }
  return { _tag: prompt === 'none' ? 'CannotAsk' : 'Ask', why }
}

/** What the person decided on the page. `buzzLimit` is `undefined` where the page did not offer one, or it was left. */
export interface Decision<S extends string> {
  readonly granted: readonly S[]
  readonly remember: boolean
  readonly buzzLimit?: BuzzLimit | null
}

/** The grant after a decision. A request for less does not shrink what was granted before. */
export const decide = <S extends string>(
  dialect: Dialect<S>,
  before: Grant<S> | null,
  decision: Decision<S>,
): Grant<S> => ({
  scopes: dialect.scopes.setOf([...(before?.scopes ?? []), ...decision.granted]),
  remembered: decision.remember,
  buzzLimit: decision.buzzLimit === undefined ? (before?.buzzLimit ?? null) : decision.buzzLimit,
})

/** True when the page offers a buzz limit: a spending permission that it covers is asked for. */
export const offersBuzzLimit = <S extends string>({ scopes, buzzLimits }: Dialect<S>, granted: readonly S[]): boolean =>
  buzzLimits && granted.some((scope) => scopes.underBuzzLimit.includes(scope))

export type WarningTag = 'Unverified' | 'Deletes' | 'Spends' | 'SpendsWithoutLimit' | 'Reserved'

/** What the page says, and for which of the permissions. */
export interface Warning<S extends string = string> {
  readonly _tag: WarningTag
  readonly scopes: readonly S[]
  readonly sentence: string
}

export const warningSentences: Record<WarningTag, string> = {
  Unverified: 'Nobody has verified this app. Authorize it only if you trust whoever made it.',
  Deletes: 'This app will be able to delete what you made. That cannot be undone.',
  Spends: 'This app will be able to spend for you.',
  SpendsWithoutLimit: 'No buzz limit covers this spending.',
  Reserved: 'This permission does nothing yet.',
}

/** The warnings for what would be granted, the gravest first. A trust flag removes only the one about trust. */
export const warnings = <S extends string>(
  { scopes, buzzLimits }: Dialect<S>,
  granted: readonly S[],
  app: { readonly verified: boolean },
): readonly Warning<S>[] => {
  const rows: readonly (readonly [WarningTag, readonly S[], applies?: boolean])[] = [
    ['Unverified', [], !app.verified],
    ['Deletes', scopes.deletes],
    ['Spends', scopes.spends],
    ['SpendsWithoutLimit', scopes.spends.filter((scope) => buzzLimits && !scopes.underBuzzLimit.includes(scope))],
    ['Reserved', scopes.reserved],
  ]
  return rows.flatMap(([_tag, among, applies]) => {
    const concerned = granted.filter((scope) => among.includes(scope))
    return (applies ?? concerned.length > 0) ? [{ _tag, scopes: concerned, sentence: warningSentences[_tag] }] : []
  })
}
