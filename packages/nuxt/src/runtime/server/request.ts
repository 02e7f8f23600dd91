/** h3's event as the `Request` that the handler reads. */
import type { Session } from '@civitai-oauth/client'
import { type H3Event, getRequestHost, getRequestURL, readRawBody } from 'h3'

/** What a request made while rendering another one carries: the other one's context. */
type Inner = { readonly __unenv__?: { readonly civitai?: Session } }

/**
 * Where this request is made on the server for a page that is being rendered: whose page that is, and `undefined` for a
 * page that is kept for everyone.
 */
export const pageOf = ({ node }: H3Event): { readonly civitai?: Session } | undefined => {
  const { __unenv__: page } = node.req as Inner
  return page !== undefined && 'civitai' in page ? page : undefined
}

/** The body is read when somebody asks for it, and is still there for the app's own route. */
const bodyOf = (event: H3Event) =>
  new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const body = await readRawBody(event, false)
        if (body !== undefined) controller.enqueue(body)
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )

const addressOf = (event: H3Event): URL => getRequestURL(event, { xForwardedProto: false })

/** A `Host` that is no address is the sender's fault (RFC 9112 section 3.2); Nitro itself has no answer to it. */
export const refusalOf = (event: H3Event): Response | undefined => {
  if (URL.canParse(`http://${getRequestHost(event)}`)) return undefined
  const message = 'The Host header of this request is no address: send the name of this server, e.g. app.example.'
  return Response.json({ error: 'bad_request', message }, { status: 400 })
}

export const requestOf = (event: H3Event): Request => {
  const headers = new Headers(event.headers)
  // It carries the page's headers, but no person navigates to it.
  if (pageOf(event) !== undefined) headers.set('sec-fetch-dest', 'empty')
  const body = !/^(GET|HEAD)$/.test(event.method) ? { body: bodyOf(event), duplex: 'half' } : {}
  return new Request(addressOf(event), { method: event.method, headers, ...body })
}
