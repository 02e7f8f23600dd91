/** What staff decide. */
import type { AuditEvent } from '../audit.ts'
import type { App, Verification } from './app.ts'
import type { Person } from './person.ts'

/** An app as staff see it. */
export interface StaffApp {
  readonly app: App
  /** The owner's username. */
  readonly owner: string
  readonly verification: Verification | null
}

type NotStaff = { readonly _tag: 'NotStaff' }
type Decision =
  | { readonly _tag: 'Decided'; readonly app: App }
  | { readonly _tag: 'ReasonMissing' }
  | { readonly _tag: 'NotFound' }
  | NotStaff

/** For people with `staff`; everybody else is answered `NotStaff`. All of it is written down. */
export interface Staff {
  /** Apps whose owners wait for an answer, the longest first. Paged as `search` is. */
  queue(
    actor: Person,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<{ readonly _tag: 'Found'; readonly apps: readonly StaffApp[]; readonly next: string | null } | NotStaff>
  /**
   * By a part of the name or of the owner's name, newest first; a whole client id finds that app alone. `limit` is 50
   * unless told; `next` is what the page after this one names as `after`.
   */
  search(
    actor: Person,
    query: string,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<{ readonly _tag: 'Found'; readonly apps: readonly StaffApp[]; readonly next: string | null } | NotStaff>
  verify(actor: Person, clientId: string, verified: boolean, reason: string): Promise<Decision>
  /** Quaily's trust flag: unlocks what only trusted apps may ask for. */
  trust(actor: Person, clientId: string, trusted: boolean, reason: string): Promise<Decision>
  auditOf(
    actor: Person,
    clientId: string,
    page?: { readonly before?: number; readonly limit?: number },
  ): Promise<
    | {
        readonly _tag: 'Found'
        readonly events: readonly AuditEvent[]
        /** Of everybody whom the events name, by id. Only staff are told: an owner is not told who uses an app. */
        readonly usernames: ReadonlyMap<number, string>
      }
    | { readonly _tag: 'NotFound' }
    | NotStaff
  >
}
