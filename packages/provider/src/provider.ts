/**
 * What a provider offers: the wire on one side (`fetch`), and on the other the operations that a portal, a command
 * line or a test call directly. Nothing here is an HTTP shape; nothing here throws for bad input: every operation
 * answers with a tagged result.
 */
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { Incoming, Outgoing } from './http/exchange.ts'
import type { Accounts } from './operations/accounts.ts'
import type { Admin } from './operations/admin.ts'
import type { ApiKeys } from './operations/api-keys.ts'
import type { Apps } from './operations/app.ts'
import type { Audit } from './operations/audit.ts'
import type { ConsentLookup } from './operations/consent.ts'
import type { Grants } from './operations/grants.ts'
import type { ProfileSwitch } from './operations/profile.ts'
import type { Staff } from './operations/staff.ts'

export type * from './operations/accounts.ts'
export type * from './operations/admin.ts'
export type * from './operations/api-keys.ts'
export type * from './operations/app.ts'
export type * from './operations/audit.ts'
export type * from './operations/consent.ts'
export type * from './operations/grants.ts'
export type * from './operations/person.ts'
export type * from './operations/profile.ts'
export type * from './operations/staff.ts'

export interface Provider {
  /** The server's own origin, e.g. `http://localhost:4100`. `Host` headers never change it. */
  readonly issuer: string
  /** What an app may be registered for. */
  readonly dialects: readonly DialectName[]
  /** True for a path that `fetch` answers (OAuth, discovery, health); the rest is the portal's. */
  owns(pathname: string): boolean
  /** `address` is the caller's, for limits; a server behind this function knows it, `Request` does not. */
  fetch(request: Request, from?: { readonly address?: string }): Promise<Response>
  /** The same without `Request` and `Response`: what `@civitai-oauth/provider/node` calls. */
  handle(incoming: Incoming): Promise<Outgoing>
  readonly apps: Apps
  readonly grants: Grants
  readonly accounts: Accounts
  readonly audit: Audit
  readonly apiKeys: ApiKeys
  readonly staff: Staff
  readonly admin: Admin
  /** Which observed quirks are on. */
  readonly profile: ProfileSwitch
  /** `cookieHeader` must carry the session that began the request. */
  consent(request: string, cookieHeader: string | null): Promise<ConsentLookup>
  /** Ready turns false, and requests are still answered: what a balancer needs to see first. */
  drain(): void
  /** Finishes what is in flight, then closes the storage. Once, however often it is asked. */
  close(): Promise<void>
}
