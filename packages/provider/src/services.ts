/** What every endpoint is built over: resolved once, closed over by the handlers. */
import type { Clock } from './clock.ts'
import type { SessionCookie } from './http/cookie.ts'
import type { Limits } from './limits.ts'
import type { Profiles } from './profile.ts'
import type { Storage } from './storage/storage.ts'

export interface Services {
  /** The server's own origin, without a slash at its end. */
  readonly issuer: string
  readonly storage: Storage
  readonly clock: Clock
  readonly cookie: SessionCookie
  readonly limits: Limits
  readonly profiles: Profiles
}
