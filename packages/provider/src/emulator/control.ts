/**
 * The control API: what a test or a person at a terminal tells the emulator to do, as JSON below `/__emulator`. Only
 * programs on this machine may call it (`admission.ts`); it exists in the emulator and nowhere else.
 */
import { bodyLimit, BodyTooLarge, type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'
import { admit } from './admission.ts'
import { type Answer, routes } from './control-routes.ts'
import type { Emulator } from './emulator.ts'
import { sentencesOf } from './zod-sentence.ts'

export const controlPath = '/__emulator'

const outgoing = ({ status, body }: Answer, ...more: readonly string[]): Outgoing => ({
  status,
  headers: ['content-type', 'application/json', 'cache-control', 'no-store', ...more],
  body: JSON.stringify(body),
})

const failed = (status: number, error: string, ...more: readonly string[]): Outgoing =>
  outgoing({ status, body: { error } }, ...more)

const parseJson = (text: string): unknown => {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

/** `undefined` for more than this server reads. */
const bodyOf = (incoming: Incoming): Promise<string | undefined> =>
  incoming.text().catch((cause: unknown) => {
    if (cause instanceof BodyTooLarge) return undefined
    throw cause
  })

/** Answers one request below `/__emulator`. */
export const control = async (emulator: Emulator, incoming: Incoming): Promise<Outgoing> => {
  const admission = admit(incoming.method, (header) => incoming.header(header), emulator.issuer)
  if (admission._tag === 'Refused') return failed(admission.status, admission.error)
  const name = splitTarget(incoming.target).path.slice(controlPath.length + 1)
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (route === undefined) return failed(404, `There is no "${name}" here: ${Object.keys(routes).join(', ')} are.`)
  if (incoming.method !== route.method) return failed(405, `Use ${route.method}.`, 'allow', route.method)
  const text = route.method === 'GET' ? '' : await bodyOf(incoming)
  if (text === undefined) return failed(413, `Send at most ${bodyLimit} bytes.`)
  const json = parseJson(text)
  if (json === undefined) return failed(400, 'The body is not JSON.')
  const input = route.input.safeParse(json)
  if (!input.success) return failed(400, sentencesOf(input.error))
  return outgoing(await route.run(emulator, input.data))
}
