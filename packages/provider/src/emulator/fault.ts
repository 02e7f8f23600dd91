/** Breaking things on purpose: the next answers of an endpoint are lost, late, refused or spoiled. */
import { anyOriginRefused } from '../http/answer.ts'
import { type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'

/** An OAuth endpoint, at Civitai's address, at its legacy host's, and at Quaily's. */
const oauth = (name: string): RegExp => new RegExp(`^(/legacy)?/api/auth/oauth/${name}$|^/quaily(/api)?/oauth/${name}$`)

/** The endpoints that can be broken, and where they answer. */
export const places = {
  authorize: oauth('authorize'),
  token: oauth('token'),
  revoke: oauth('revoke'),
  userinfo: oauth('userinfo'),
  device: oauth('device'),
  'device-token': oauth('device-token'),
  introspect: oauth('introspect'),
  me: /^\/api\/v1\/me$|^\/quaily\/api\/users\/me$/,
  buzz: /^\/api\/trpc\/buzz\./,
  workflows: /^\/v2\/consumer\/workflows(\/|$)/,
} as const

export type Place = keyof typeof places

/**
 * `drop` does the work and loses the answer, as a broken connection does; `delay` does the work and answers late;
 * `429` and `503` refuse before any work; `malformed` does the work and spoils the answer.
 */
export const kinds = ['drop', 'delay', '429', '503', 'malformed'] as const
export type Kind = (typeof kinds)[number]

export interface Fault {
  readonly at: Place
  readonly kind: Kind
  /** How many answers it spoils. */
  readonly times: number
  /** For `delay`: how late, in milliseconds; 1,000 unless told. */
  readonly ms?: number
}

type Handle = (incoming: Incoming) => Promise<Outgoing>

const json = (status: number, body: string, ...more: readonly string[]): Outgoing => ({
  status,
  // Readable by a page of another site, as what it stands in for is: else a browser would see a broken connection.
  headers: ['content-type', 'application/json', 'cache-control', 'no-store', ...anyOriginRefused, ...more],
  body,
})

const refusal = (status: number, error: string): Outgoing =>
  json(status, JSON.stringify({ error, error_description: 'The emulator was told to.' }), 'retry-after', '1')

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

const effects: Readonly<
  Record<Kind, (answer: () => Promise<Outgoing>, fault: Fault, drop: () => void) => Promise<Outgoing>>
> = {
  drop: async (answer, _, drop) => {
    const lost = await answer()
    drop()
    return lost
  },
  delay: async (answer, { ms = 1_000 }) => {
    const late = await answer()
    await wait(ms)
    return late
  },
  429: async () => refusal(429, 'slow_down'),
  503: async () => refusal(503, 'temporarily_unavailable'),
  malformed: async (answer) => {
    await answer()
    return json(200, '{"access_token":')
  },
}

export interface Faults {
  add(fault: Fault): void
  clear(): void
  /** `drop` cuts the connection that the request came over. */
  around(handle: Handle, drop: () => void): Handle
}

export const createFaults = (): Faults => {
  let pending: (Fault & { left: number })[] = []
  const take = (path: string): Fault | undefined => {
    const found = pending.find((fault) => places[fault.at].test(path) && fault.left > 0)
    if (found === undefined) return
    found.left -= 1
    pending = pending.filter((fault) => fault.left > 0)
    return found
  }
  return {
    add: (fault) => pending.push({ ...fault, left: fault.times }),
    clear: () => {
      pending = []
    },
    around: (handle, drop) => (incoming) => {
      // A browser's question before the request is not the request.
      const fault = incoming.method === 'OPTIONS' ? undefined : take(splitTarget(incoming.target).path)
      return fault === undefined ? handle(incoming) : effects[fault.kind](() => handle(incoming), fault, drop)
    },
  }
}
