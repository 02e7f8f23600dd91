/**
 * Where a session is kept between requests: in the browser's sealed cookie, or in a store with the cookie as its ticket.
 * The two differ in what this file lists; everything else asks a `Keeper`.
 */
import type { Live } from '@civitai-oauth/core/session'
import type * as Effect from 'effect/Effect'
import type { Unavailable } from './authorization-server.ts'
import type { Carried } from './session-cookie.ts'
import type { TokenAnswer } from './token-answer.ts'

/** What a request's cookie stands for. */
export type Kept =
  | { readonly _tag: 'Live'; readonly live: Live; /** Its id in a store. */ readonly id: string | undefined }
  /** A session was here, and the server refused to go on. */
  | { readonly _tag: 'Ended' }

/** What became of a session in one request. `Renewed` and `Restored` go on with the same one. */
export type Change =
  | { readonly _tag: 'Began'; readonly live: Live }
  | { readonly _tag: 'Renewed'; readonly live: Live }
  /** A silent round trip brought it back. */
  | { readonly _tag: 'Restored'; readonly live: Live }
  | { readonly _tag: 'Ended' }
  | { readonly _tag: 'SignedOut' }

export interface Keeper {
  /** `undefined` for no session, or for a cookie that does not open. */
  read(carried: Carried): Promise<Kept | undefined>
  /** Keeps the change; answers the `Set-Cookie` values it takes. `before` is what the request carried. */
  keep(change: Change, before: Kept | undefined, carried: Carried): Promise<readonly string[]>
  /** Asks the server for the next pair, as the only one who does so where that can be told. */
  renew(refreshToken: string, id: string | undefined): Effect.Effect<TokenAnswer, Unavailable>
}
