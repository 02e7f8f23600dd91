/**
 * The permissions grid of the app form: one row per resource, columns Read, Write and Delete. `null` is the dash: that
 * resource has no such permission. SocialTip has no box: only Full Access holds it, and any edit of the grid drops it.
 */
import { type Scope, type ScopeName, setOf } from './scope.ts'

export const columns = ['Read', 'Write', 'Delete'] as const
export type Column = (typeof columns)[number]
export type Cell = ScopeName | null

export interface Row {
  readonly resource: string
  readonly cells: readonly [read: Cell, write: Cell, delete_: Cell]
}

export const rows: readonly Row[] = [
  { resource: 'Profile & Settings', cells: ['UserRead', 'UserWrite', null] },
  { resource: 'Models', cells: ['ModelsRead', 'ModelsWrite', 'ModelsDelete'] },
  { resource: 'Media & Posts', cells: ['MediaRead', 'MediaWrite', 'MediaDelete'] },
  { resource: 'Articles', cells: ['ArticlesRead', 'ArticlesWrite', 'ArticlesDelete'] },
  { resource: 'Bounties', cells: ['BountiesRead', 'BountiesWrite', 'BountiesDelete'] },
  { resource: 'AI Services', cells: ['AIServicesRead', 'AIServicesWrite', null] },
  { resource: 'Buzz', cells: ['BuzzRead', null, null] },
  { resource: 'Collections', cells: ['CollectionsRead', 'CollectionsWrite', null] },
  { resource: 'Social', cells: [null, 'SocialWrite', null] },
  { resource: 'Notifications', cells: ['NotificationsRead', 'NotificationsWrite', null] },
  { resource: 'Vault', cells: ['VaultRead', 'VaultWrite', null] },
]

/** Every scope that has a box. */
export const boxes: readonly ScopeName[] = rows.flatMap((row) => row.cells.filter((cell) => cell !== null))

/** The set after one box changed. Scopes without a box do not survive an edit. */
export const toggle = (scopes: Iterable<Scope>, box: ScopeName, ticked: boolean): Scope[] => {
  const kept = new Set<string>([...scopes].filter((scope) => (boxes as readonly string[]).includes(scope)))
  if (ticked) kept.add(box)
  else kept.delete(box)
  return setOf(kept)
}

/** One row of ticks; `null` is the dash. */
export type Ticks = readonly [read: boolean | null, write: boolean | null, delete_: boolean | null]

/** The set as the grid shows it. */
export const cellsOf = (scopes: Iterable<Scope>): readonly Ticks[] => {
  const held = new Set<string>(scopes)
  return rows.map(({ cells }) => cells.map((cell) => cell && held.has(cell)) as unknown as Ticks)
}

/** The set that a grid of ticks means. */
export const scopesOf = (ticks: readonly Ticks[]): Scope[] =>
  setOf(rows.flatMap(({ cells }, row) => cells.filter((cell, column) => cell && ticks[row]?.[column]) as ScopeName[]))
