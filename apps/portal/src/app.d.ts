import type { IncomingMessage } from 'node:http'
import type { PortalSession, Provider } from '@civitai-oauth/provider'

declare module 'node:http' {
  interface IncomingMessage {
    /** Attached by whoever serves the portal: the command line, or a test. */
    provider: Provider
  }
}

type TypedField = readonly [name: string, value: string]

declare global {
  namespace App {
    interface Platform {
      req: IncomingMessage
    }
    interface Locals {
      provider: Provider
      /** Who is signed in, read once per request. */
      session: PortalSession | null
      /** Whole `Set-Cookie` values, appended to whatever is answered. */
      setCookies: string[]
      /** The fields of a form that came after its session had ended; `null` for every other request. */
      unsent: readonly TypedField[] | null
    }
    interface Error {
      /** What the person had typed, for the page that says why it was not taken. */
      typed?: readonly TypedField[]
    }
  }
}
