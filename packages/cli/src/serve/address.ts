/** Whose request it is, behind a proxy that writes the caller's address into a header. */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * Only a header that was named at the start is read, and of a list only its last entry: that is the one our own proxy
 * wrote; what stands before it anybody may have sent. Anything that is no address counts as absent.
 */
export const addressFrom =
  (header: string | undefined) =>
  (request: IncomingMessage): string | undefined => {
    const value = header === undefined ? undefined : request.headers[header]
    const last = (Array.isArray(value) ? value.at(-1) : value)?.split(',').at(-1)?.trim() ?? ''
    return isIP(last) === 0 ? undefined : last
  }
