/** Owners asking for verification, and staff answering. */
import type { KeptApp } from './apps.ts'

export interface KeptVerification {
  readonly note: string
  readonly links: readonly string[]
  readonly askedAt: number
  /** `null` while it waits. */
  readonly decision: { readonly verified: boolean; readonly reason: string; readonly at: number } | null
}

export interface VerificationStorage {
  /** Replaces an earlier request that was answered; one that waits is kept up to date. */
  ask(
    clientId: string,
    ownerId: number,
    request: { readonly note: string; readonly links: readonly string[] },
    now: number,
  ): Promise<{ readonly _tag: 'Asked' } | { readonly _tag: 'AlreadyVerified' } | { readonly _tag: 'NotFound' }>
  find(clientId: string): Promise<KeptVerification | null>
  /** Those that wait, oldest first. `after`: what the page before ended with. */
  queue(page: {
    readonly after: { readonly askedAt: number; readonly clientId: string } | null
    readonly limit: number
  }): Promise<readonly { readonly app: KeptApp; readonly request: KeptVerification }[]>
  /** Sets the flag, answers what waits, and writes down who did it and why. */
  decide(
    clientId: string,
    decision: { readonly flag: 'verified' | 'trusted'; readonly on: boolean; readonly reason: string },
    staffId: number | null,
    now: number,
  ): Promise<KeptApp | null>
  /**
   * Any app, for staff: newest first, by a part of its name, its id or its owner's name. `after` is the client id that
   * the page before ended with.
   */
  search(
    query: string,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly { readonly app: KeptApp; readonly owner: string }[]>
}
