/** Visits that are not committed yet. The request that opened a session also closes it. */
import type { Visit } from '@civitai-oauth/client'
import { type H3Event, appendResponseHeader, getResponseHeaders, removeResponseHeader, setResponseHeader } from 'h3'

export const visits = new WeakMap<H3Event, Visit>()

/** What the answer says already, but for the cookies that the app sets. */
const saidBy = (event: H3Event): [string, string][] =>
  Object.entries(getResponseHeaders(event))
    .filter(([name, value]) => name !== 'set-cookie' && value !== undefined)
    .map(([name, value]) => [name, String(value)])

/**
 * Puts into the answer's headers what the session changed. Answers what to send instead, where the session has to be
 * restored first. A session that cannot be kept does not cost anybody the page.
 */
export const commit = async (event: H3Event): Promise<Response | undefined> => {
  const visit = visits.get(event)
  if (visit === undefined || event.node.res.headersSent) return undefined
  visits.delete(event)
  try {
    const said = new Headers(saidBy(event))
    const headers = new Headers(said)
    const instead = await visit.commit(headers)
    for (const name of said.keys()) if (!headers.has(name)) removeResponseHeader(event, name)
    for (const [name, value] of headers)
      if (name === 'set-cookie') appendResponseHeader(event, name, value)
      else setResponseHeader(event, name, value)
    return instead
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}
