/** From a request to its answer: find the route, run it, and put whatever went wrong into words. */
import * as Effect from 'effect/Effect'
import { anyOrigin, anyOriginRefused, jsonRefusal } from './answer.ts'
import { type Incoming, type Outgoing, splitTarget } from './exchange.ts'
import { type Refusal, refusal, refuse } from './refusal.ts'
import type { Route, RouteName, Routes } from './route.ts'

const preflight = (route: Route): Outgoing => ({
  status: 204,
  headers: [
    ...anyOrigin,
    'access-control-allow-methods',
    Object.keys(route.methods).join(', '),
    'access-control-allow-headers',
    'authorization, content-type',
    'access-control-max-age',
    '86400',
  ],
  body: '',
})

const notFound = jsonRefusal(refusal('NotFound'))
const unexpected = refusal('Unexpected')

const withCors = (route: Route, answer: Outgoing): Outgoing =>
  route.cors
    ? { ...answer, headers: [...answer.headers, ...(answer.status < 400 ? anyOrigin : anyOriginRefused)] }
    : answer

/** Told of everything that was answered. */
export interface Watch {
  readonly defect: (defect: unknown, route: RouteName) => void
  readonly refused: (refused: Refusal, route: RouteName) => void
  readonly answered: (route: RouteName, status: number, seconds: number) => void
}

export const serve =
  (routes: Routes, watch: Watch) =>
  async (incoming: Incoming): Promise<Outgoing> => {
    const { path, query } = splitTarget(incoming.target)
    const found = routes(path)
    if (!found) return notFound
    const { route, segments } = found
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method
    if (method === 'OPTIONS' && route.cors) return preflight(route)
    const begun = performance.now()
    const quick = method === 'GET' && route.quick ? await route.quick(incoming).catch(() => null) : null
    if (quick) {
      watch.answered(route.name, quick.status, (performance.now() - begun) / 1000)
      return quick
    }
    const handler = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined
    const methods = Object.keys(route.methods)
    const run = handler
      ? handler(incoming, query, segments)
      : methods.length === 0
        ? refuse('NotFound')
        : refuse('MethodNotAllowed', undefined, ['allow', methods.join(', ')])
    const answer = await Effect.runPromise(
      run.pipe(
        Effect.catch((refused) => {
          watch.refused(refused, route.name)
          return Effect.succeed(route.refused(refused, incoming))
        }),
        Effect.catchDefect((defect) => {
          watch.defect(defect, route.name)
          return Effect.succeed(route.refused(unexpected, incoming))
        }),
      ),
    )
    watch.answered(route.name, answer.status, (performance.now() - begun) / 1000)
    return withCors(route, answer)
  }
