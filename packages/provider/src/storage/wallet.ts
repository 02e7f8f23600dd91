/** What people can spend: Civitai's buzz in its colours, Quaily's credits. A ledger, and the balance it comes to. */
import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'

export type Currency = 'yellow' | 'blue' | 'green' | 'credit'

export interface LedgerEntry {
  readonly id: number
  /** Unix milliseconds. */
  readonly at: number
  /** Negative for what was spent. */
  readonly amount: number
  readonly currency: Currency
  /** The app that spent it; `null` for the person or the house. */
  readonly clientId: string | null
  readonly reason: string
}

/** At most `limit` of these currencies may have been spent through the app since `since`, this spend included. */
export interface Cap {
  readonly limit: number
  /** Unix milliseconds; `null` for ever. */
  readonly since: number | null
  /** `null` for all. */
  readonly currencies: readonly string[] | null
}

export type SpendResult =
  | { readonly _tag: 'Spent'; readonly balance: number }
  | { readonly _tag: 'Broke' }
  | { readonly _tag: 'Capped' }
  /** The limit changed since the caps were drawn from it: draw them again. */
  | { readonly _tag: 'Stale' }
  /** The token that spends, or the grant it lives by, is over: nothing is taken. */
  | { readonly _tag: 'Ended' }

export interface NewWorkflow {
  readonly id: string
  /** What was submitted, as JSON. */
  readonly body: string
  readonly cost: number
  /** Unix milliseconds: when it will have succeeded. */
  readonly readyAt: number
}

export interface KeptWorkflow extends NewWorkflow {
  readonly clientId: string
  readonly createdAt: number
}

export interface WalletStorage {
  balances(personId: number): Promise<Readonly<Partial<Record<Currency, number>>>>
  credit(personId: number, currency: Currency, amount: number, reason: string, now: number): Promise<void>
  /** Takes the amount if there is so much and every cap has room, all at one moment. With a workflow, begins that too. */
  spend(spend: {
    readonly personId: number
    readonly clientId: string
    readonly currency: Currency
    readonly amount: number
    readonly reason: string
    /** The access token that spends, which must live at that moment; `null` where the person's own key does. */
    readonly byToken: Uint8Array | null
    /** The grant's limit that the caps were drawn from. */
    readonly limit: BuzzLimit | null
    readonly caps: readonly Cap[]
    readonly workflow: NewWorkflow | null
    readonly now: number
  }): Promise<SpendResult>
  /** What each cap's app has spent within it. */
  spent(personId: number, clientId: string, caps: readonly Cap[]): Promise<readonly number[]>
  /** Newest first. */
  ledger(
    personId: number,
    currency: Currency,
    page: { readonly before: number | null; readonly limit: number },
  ): Promise<readonly LedgerEntry[]>
  workflow(personId: number, id: string): Promise<KeptWorkflow | null>
  /** Newest first. */
  workflows(personId: number, limit: number): Promise<readonly KeptWorkflow[]>
}
