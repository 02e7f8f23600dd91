/** What the consent page is drawn from. */
import type { DialectName } from '@civitai-oauth/core/dialect'

/** Everything the consent page shows, from the request kept on the server. */
export interface ConsentView {
  readonly request: string
  readonly app: {
    readonly clientId: string
    readonly name: string
    readonly description: string
    readonly verified: boolean
    readonly ownerUsername: string
    readonly dialect: DialectName
  }
  /** Where Authorize and Deny lead: already proved to be registered, or our own device page. */
  readonly redirectUri: string
  /** What the token will hold, the baseline included. */
  readonly granted: readonly string[]
  /** Asked for, and not available to this app. */
  readonly unavailable: readonly string[]
  /** In `granted`, but not in what this person granted the app before. Equals `granted` the first time. */
  readonly added: readonly string[]
  /** True when a spending permission that the buzz limit covers is asked for. */
  readonly offersBuzzLimit: boolean
  /** The form's target: the authorize endpoint's path. */
  readonly action: string
  /** The same authorize request, as a path of this server: for somebody else to sign in first. `null` for a device. */
  readonly again: string | null
}

export type ConsentLookup =
  | { readonly _tag: 'Pending'; readonly view: ConsentView }
  /** Unknown, answered already, run out, or begun by another session: the page says to go back to the app. */
  | { readonly _tag: 'Gone' }
