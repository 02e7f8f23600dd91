/** Reading the audit log. */
import type { ReadEvent } from '../audit.ts'
import type { Person } from './person.ts'

export interface Audit {
  /** Newest first. Readable by the owner also after the app is gone. */
  ofApp(
    actor: Person,
    clientId: string,
    page?: { readonly before?: number; readonly limit?: number },
  ): Promise<readonly ReadEvent[]>
  ofPerson(actor: Person, page?: { readonly before?: number; readonly limit?: number }): Promise<readonly ReadEvent[]>
  /** All of an app's events as JSON lines, newest first, read as they are taken. */
  linesOfApp(actor: Person, clientId: string): AsyncIterable<string>
  /** All of a person's events likewise. */
  linesOfPerson(actor: Person): AsyncIterable<string>
  /**
   * Refreshes are counted, not listed: how many on each day (its start in UTC, Unix milliseconds) since a moment,
   * oldest first. Up to 30 days back, and no more than 50,000 in all.
   */
  refreshesOf(
    actor: Person,
    clientId: string,
    since: number,
  ): Promise<readonly { readonly day: number; readonly refreshes: number }[]>
}
