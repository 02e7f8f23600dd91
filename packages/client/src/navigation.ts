/** What a browser tells about how a request came to be (Fetch Metadata, W3C). */

const isPrefetch = ({ headers }: Request): boolean =>
  /prefetch|prerender|preview/i.test(`${headers.get('sec-purpose')} ${headers.get('purpose')} ${headers.get('x-moz')}`)

/**
 * True where a redirect to the authorization server does what a person asked for; false for scripts, images, frames
 * and anything loaded ahead. A program without Fetch Metadata is taken at its word.
 */
export const mayLeave = (request: Request): boolean => {
  const destination = request.headers.get('sec-fetch-dest')
  return request.method === 'GET' && !isPrefetch(request) && (destination === null || destination === 'document')
}

/** True when a person goes to a page, so that a redirect nobody asked for still ends where they wanted to be. */
export const isDocumentNavigation = (request: Request): boolean =>
  mayLeave(request) && (request.headers.has('sec-fetch-dest') || wantsPage(request))

/** The same where a person sent a form: a redirect takes them on, though not what they sent. */
export const waitsForPage = (request: Request): boolean => {
  const destination = request.headers.get('sec-fetch-dest')
  return (
    isDocumentNavigation(request) ||
    (request.method === 'POST' && (destination === null ? wantsPage(request) : destination === 'document'))
  )
}

/**
 * True when a page of ours sent it. `Origin: null` comes from our own pages too, where `Referrer-Policy: no-referrer`
 * is set: then the browser's `Sec-Fetch-Site` decides. Neither header: refused, for no browser omits both on a POST.
 */
export const isSameOrigin = (request: Request, origin: string): boolean => {
  const site = request.headers.get('sec-fetch-site')
  const sender = request.headers.get('origin')
  if (site !== null && site !== 'same-origin') return false
  if (sender !== null && sender !== 'null') return sender === origin
  return site === 'same-origin'
}

/** True when HTML is the better answer than JSON. */
export const wantsPage = (request: Request): boolean => (request.headers.get('accept') ?? '').includes('text/html')
