/** The audit log in words: what each kind of event is called, what its details mean, and which filter finds it. */
import type { AuditEvent, ReadEvent } from '@civitai-oauth/provider'
import type { DialectName } from '@civitai-oauth/core'
import { dialectOf, labelOf } from './permission-words.ts'

export type EventGroup = 'sign-ins' | 'refusals' | 'changes' | 'endings'

export const groupLabels: Readonly<Record<EventGroup, string>> = {
  'sign-ins': 'Sign-ins',
  refusals: 'Refusals',
  changes: 'Changes to the app',
  endings: 'Access taken back',
}

interface Words {
  readonly label: string
  readonly group: EventGroup
}

const words: Readonly<Record<string, Words>> = {
  'signed-in': { label: 'Signed in', group: 'sign-ins' },
  granted: { label: 'Allowed access', group: 'sign-ins' },
  refused: { label: 'Refused', group: 'refusals' },
  'code-reused': { label: 'A code was used twice: that sign-in has ended', group: 'refusals' },
  'token-reused': { label: 'A spent refresh token came back: that sign-in has ended', group: 'refusals' },
  'app-registered': { label: 'App registered', group: 'changes' },
  'app-edited': { label: 'App edited', group: 'changes' },
  'secret-prepared': { label: 'Next secret prepared', group: 'changes' },
  'secret-rotated': { label: 'Secret rotated', group: 'changes' },
  'app-verified': { label: 'App verified by staff', group: 'changes' },
  'app-unverified': { label: 'Verification withdrawn by staff', group: 'changes' },
  'app-deleted': { label: 'App deleted', group: 'changes' },
  'verification-asked': { label: 'Verification asked for', group: 'changes' },
  'spend-refused': { label: 'A spend was refused', group: 'refusals' },
  'buzz-limit-changed': { label: 'Buzz limit changed', group: 'endings' },
  'api-key-created': { label: 'API key created', group: 'changes' },
  'api-key-deleted': { label: 'API key deleted', group: 'changes' },
  'staff-added': { label: 'Made staff by the operator', group: 'changes' },
  'staff-removed': { label: 'No longer staff', group: 'changes' },
  'grant-revoked': { label: 'Removed the app', group: 'endings' },
  'token-revoked': { label: 'Token revoked', group: 'endings' },
}

/** Why something was refused, where the bare word would not say. */
const reasons: Readonly<Record<string, string>> = {
  denied: 'the person pressed Deny',
  client: 'the code belongs to another app',
  redirect_uri: 'another redirect URI than the one it began with',
  code_verifier: 'the PKCE verifier does not fit',
  late: 'long after it was used',
}

export const isGroup = (value: string | null): value is EventGroup =>
  value !== null && Object.hasOwn(groupLabels, value)

/** A kind from a newer provider is shown by its own name rather than hidden. */
export const labelOfEvent = ({ kind }: Pick<AuditEvent, 'kind'>): string => words[kind]?.label ?? kind

export const groupOf = ({ kind }: Pick<AuditEvent, 'kind'>): EventGroup | null => words[kind]?.group ?? null

/** The permissions that a mask in the log stands for. */
const permissionsIn = (dialect: DialectName, mask: string): string => {
  const bits = /^\d+$/.test(mask) ? BigInt(mask) : 0n
  return dialectOf(dialect)
    .scopes.names.filter((_, bit) => (bits >> BigInt(bit)) & 1n)
    .map((scope) => labelOf(dialect, scope))
    .join(', ')
}

/** Whom an event in an app's log concerns, for the app's owner: a person, never which. */
export const concerned = ({ person, by }: ReadEvent): string => {
  if (by === 'staff') return 'by staff'
  return person === null || person === 'self' ? '' : 'a person'
}

/** The details of an event as short phrases. */
export const detailsOf = ({ detail }: Pick<AuditEvent, 'detail'>, dialect: DialectName): readonly string[] =>
  Object.entries(detail)
    .map(([name, value]) => {
      if (name === 'remembered') return value === 'yes' ? 'remembered' : 'not remembered'
      if (name === 'reason') return reasons[value] ?? value
      if (name === 'scopes') return permissionsIn(dialect, value)
      return `${name}: ${value}`
    })
    .filter((phrase) => phrase !== '')

export interface DayCount {
  /** Unix milliseconds, the start of the day in UTC. */
  readonly day: number
  readonly signIns: number
  readonly refreshes: number
  readonly refusals: number
  /** Why, and how often each. */
  readonly reasons: Readonly<Record<string, number>>
}

/** Why an event of the refusals' group happened, as a phrase. */
const reasonOf = (event: ReadEvent): string => {
  const { reason } = event.detail
  return event.kind === 'refused' && reason !== undefined ? (reasons[reason] ?? reason) : labelOfEvent(event)
}

/** How often each reason occurs in some days together, the most frequent first. */
export const reasonsIn = (days: readonly DayCount[]): readonly (readonly [reason: string, times: number])[] => {
  const sum = new Map<string, number>()
  for (const [reason, times] of days.flatMap((day) => Object.entries(day.reasons)))
    sum.set(reason, (sum.get(reason) ?? 0) + times)
  return [...sum].toSorted(([, a], [, b]) => b - a)
}

/** How many different people signed in. */
export const peopleIn = (events: readonly ReadEvent[]): number =>
  new Set(events.filter(({ kind }) => kind === 'signed-in').map(({ person }) => person)).size

const dayMs = 86_400_000

/** What happened on each of the last `days` days, oldest first, today last. */
export const perDay = (
  events: readonly ReadEvent[],
  refreshes: readonly { readonly day: number; readonly refreshes: number }[],
  now: number,
  days: number,
): readonly DayCount[] => {
  const today = Math.floor(now / dayMs)
  const counts = Array.from({ length: days }, (_, back) => ({
    day: (today - days + 1 + back) * dayMs,
    signIns: 0,
    refreshes: 0,
    refusals: 0,
    reasons: {} as Record<string, number>,
  }))
  for (const { day, refreshes: many } of refreshes) {
    const count = counts.find((one) => one.day === day)
    if (count) count.refreshes = many
  }
  for (const event of events) {
    const count = counts[Math.floor(event.at / dayMs) - (today - days + 1)]
    if (!count) continue
    if (event.kind === 'signed-in') count.signIns += 1
    if (groupOf(event) !== 'refusals') continue
    count.refusals += 1
    const reason = reasonOf(event)
    count.reasons[reason] = (count.reasons[reason] ?? 0) + 1
  }
  return counts
}
