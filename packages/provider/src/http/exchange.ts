/** One request and its answer, without `Request` and `Response`: those cost more than everything else on the hot path. */

export interface Incoming {
  readonly method: string
  /** Path and query, as they came: `/api/auth/oauth/authorize?client_id=…`. */
  readonly target: string
  /** The caller's address. Limits count by it. */
  readonly address: string
  /** A header by its lower-case name; `null` where absent. */
  header(name: string): string | null
  /** The whole body. Rejects with `BodyTooLarge` above `bodyLimit`. */
  text(): Promise<string>
}

/** Headers as a flat list: name, value, name, value. */
export interface Outgoing {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

/** Bytes of body that are read. No form of this server is near it. */
export const bodyLimit = 65_536

export class BodyTooLarge extends Error {
  readonly _tag = 'BodyTooLarge'
}

/** The request's target in its two halves. */
export const splitTarget = (target: string): { readonly path: string; readonly query: string } => {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

const readBody = async (request: Request): Promise<string> => {
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimit) throw new BodyTooLarge()
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > bodyLimit) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export const incomingOf = (request: Request, address: string): Incoming => {
  const { pathname, search } = new URL(request.url)
  return {
    method: request.method,
    target: pathname + search,
    address,
    header: (name) => request.headers.get(name),
    text: () => readBody(request),
  }
}

export const responseOf = ({ status, headers, body }: Outgoing): Response => {
  const list = new Headers()
  for (let at = 0; at + 1 < headers.length; at += 2) list.append(headers[at] as string, headers[at + 1] as string)
  return new Response(body === '' ? null : body, { status, headers: list })
}
