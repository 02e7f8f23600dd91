/** h3's event as the `Request` that the handler reads. */
import type { Session } from '@civitai-oauth/client'
import { type H3Event, getRequestURL, readRawBody } from 'h3'

/** What a request made while rendering another one carries: the other one's context. */
type Inner = { readonly __unenv__?: { readonly civitai?: Session } }

/** The session of the page that is being rendered, where this request is made for it on the server. */
export const outerSession = ({ node }: H3Event): Session | undefined => (node.req as Inner).__unenv__?.civitai

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

/** A `Host` that is none is nobody's address, and no reason to fail. */
const addressOf = (event: H3Event): URL => {
  try {
    return getRequestURL(event, { xForwardedProto: false })
  } catch {
    return new URL(event.path.replace(/^[/\\]+/, '/'), 'http://unknown.invalid')
  }
}

export const requestOf = (event: H3Event): Request => {
  const headers = new Headers(event.headers)
  // It carries the page's headers, but no person navigates to it.
  if (outerSession(event) !== undefined) headers.set('sec-fetch-dest', 'empty')
  const body = !/^(GET|HEAD)$/.test(event.method) ? { body: bodyOf(event), duplex: 'half' } : {}
  return new Request(addressOf(event), { method: event.method, headers, ...body })
}
