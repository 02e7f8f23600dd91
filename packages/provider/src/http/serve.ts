/** From a request to its answer: find the route, run it, and put whatever went wrong into words. */
import * as Effect from 'effect/Effect'
import { anyOrigin, anyOriginRefused, json, jsonRefusal } from './answer.ts'
import { type Incoming, type Outgoing, splitTarget } from './exchange.ts'
import { refusal, refuse } from './refusal.ts'
import type { Route, Routes } from './route.ts'

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
const unexpected = json(500, { error: 'server_error', error_description: 'Something went wrong here. Try again.' })

const withCors = (route: Route, answer: Outgoing): Outgoing =>
  route.cors
    ? { ...answer, headers: [...answer.headers, ...(answer.status < 400 ? anyOrigin : anyOriginRefused)] }
    : answer

export const serve =
  (routes: Routes, onDefect: (defect: unknown, route: string) => void) =>
  (incoming: Incoming): Promise<Outgoing> => {
    const { path, query } = splitTarget(incoming.target)
    const found = routes(path)
    if (!found) return Promise.resolve(notFound)
    const { route, segments } = found
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method
    if (method === 'OPTIONS' && route.cors) return Promise.resolve(preflight(route))
    const handler = route.methods[method]
    const run = handler
      ? handler(incoming, query, segments)
      : refuse('MethodNotAllowed', undefined, ['allow', Object.keys(route.methods).join(', ')])
    return Effect.runPromise(
      run.pipe(
        Effect.catch((refused) => Effect.succeed(route.refused(refused, incoming))),
        Effect.catchDefect((defect) => {
          onDefect(defect, route.name)
          return Effect.succeed(unexpected)
        }),
        Effect.map((answer) => withCors(route, answer)),
      ),
    )
  }
