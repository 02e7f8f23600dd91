/** Who may look: a browser on this machine, at a page of this server. */
import { type H3Event, createError, getRequestHeader, getRequestHost } from 'h3'

const isLocal = (host: string) => /^(localhost|[\w-]+\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host)

/** A name that leads here from elsewhere (DNS rebinding), or another site's page, gets nothing. */
export const onlyHere = (event: H3Event): void => {
  const site = getRequestHeader(event, 'sec-fetch-site')
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (!isLocal(getRequestHost(event)) || isForeign)
    throw createError({ statusCode: 403, message: 'This is shown on this machine only: open it on localhost.' })
}
