/**
 * The host before this one, `civitai.com/api/auth/oauth/*`: mounted below `/legacy`. Documented, it answers 308 to the
 * issuer; most clients then drop their Authorization header. With the quirk `legacy-proxied` only authorize redirects.
 */
import * as Effect from 'effect/Effect'
import { redirect } from '../http/answer.ts'
import type { Entry, Handler, Route } from '../http/route.ts'
import type { Services } from '../services.ts'

const mount = '/legacy'

export const legacyRoutes = ({ issuer, profiles }: Services, entries: readonly Entry[]): readonly Entry[] => {
  /** Where people go, the query goes with them. A program's is dropped: nothing belongs there, and secrets least of all. */
  const movedFrom =
    (path: string, { name }: Route): Handler =>
    (_, query) => {
      const kept = query !== '' && (name === 'authorize' || name === 'device') ? `?${query}` : ''
      return Effect.succeed({ ...redirect(issuer + path + kept), status: 308 })
    }
  return entries
    .filter(([path]) => path.startsWith('/api/auth/oauth/'))
    .map(([path, route]): Entry => {
      const moved = movedFrom(path, route)
      const through = (handler: Handler): Handler =>
        route.name === 'authorize'
          ? moved
          : (...asked) => (profiles.has('legacy-proxied') ? handler(...asked) : moved(...asked))
      const methods = Object.fromEntries(
        Object.entries(route.methods).map(([method, handler]) => [method, through(handler)]),
      )
      const { name, refused, cors } = route
      return [mount + path, { name, refused, cors, methods } satisfies Route]
    })
}
