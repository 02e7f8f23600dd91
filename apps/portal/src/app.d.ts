import type { IncomingMessage } from 'node:http'
import type { PortalSession, Provider } from '@civitai-oauth/provider'

declare module 'node:http' {
  interface IncomingMessage {
    /** Attached by whoever serves the portal: the command line, or a test. */
    provider: Provider
  }
}

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
    }
  }
}
