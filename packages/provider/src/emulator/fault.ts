/** Breaking things on purpose: the next answers of an endpoint are lost, late, refused or spoiled. */
import { anyOriginRefused } from '../http/answer.ts'
import { type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'
import { authBase } from '../quaily/routes.ts'

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

const said = 'The emulator was told to.'

/** In the words of both dialects where Quaily's programs may be listening. */
const refusal = ({ target }: Incoming, status: number, error: string, code: string): Outgoing => {
  const own = target.startsWith(`${authBase}/`) ? { code, msg: said } : {}
  return json(status, JSON.stringify({ error, error_description: said, ...own }), 'retry-after', '1')
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

const effects: Readonly<
  Record<
    Kind,
    (answer: () => Promise<Outgoing>, fault: Fault, drop: () => void, incoming: Incoming) => Promise<Outgoing>
  >
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
  429: async (_, __, ___, incoming) => refusal(incoming, 429, 'slow_down', '90001'),
  503: async (_, __, ___, incoming) => refusal(incoming, 503, 'temporarily_unavailable', '-1'),
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
      return fault === undefined ? handle(incoming) : effects[fault.kind](() => handle(incoming), fault, drop, incoming)
    },
  }
}
