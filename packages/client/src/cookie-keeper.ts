/** Sessions in the browser's own sealed cookie: the browser is the store. */
import type { AuthorizationServer } from './authorization-server.ts'
import type { Keeper } from './keeper.ts'
import type { Settings } from './options.ts'
import type { Sealer } from './seal.ts'
import { clearSessionCookie, readSessionCookie, writeSessionCookie } from './session-cookie.ts'
import { ended, readRecord, recordOf } from './session-record.ts'

export const cookieKeeper = (
  { dialect: { scopes }, lifetimes }: Settings,
  sealer: Sealer,
  server: AuthorizationServer,
  now: () => number,
): Keeper => ({
  read: async (carried) => {
    const text = readSessionCookie(carried)
    const read = text && readRecord(await sealer.open('session', text), scopes, lifetimes, now())
    if (!read || read._tag === 'Ticket') return
    return read._tag === 'Ended' ? read : { ...read, id: undefined }
  },
  keep: async (change, _, carried) => {
    if (change._tag === 'SignedOut') return clearSessionCookie(carried)
    const live = change._tag === 'Ended' ? undefined : change.live
    const text = await sealer.seal('session', live === undefined ? ended : recordOf(live, scopes, now()))
    return writeSessionCookie(text, carried, lifetimes.idle, live)
  },
  renew: (refreshToken) => server.refresh(refreshToken),
})
