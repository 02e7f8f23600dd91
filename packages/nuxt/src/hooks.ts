/** What an app can listen to in a Nitro plugin: `nitroApp.hooks.hook('civitai:sign-in', (user) => …)`. */
import type { AuthEvent, Options, User } from '@civitai-oauth/client'

export interface CivitaiHooks {
  /** Once, when the server starts, before the handler is made: for what a configuration file cannot hold, as a `store`. */
  'civitai:options': (options: { store?: Options['store'] }) => void
  /** After each sign-in, before the person goes on: the place to upsert the app's own user. */
  'civitai:sign-in': (user: User) => void | Promise<void>
  /** What happens, for logs and metrics. Never holds a secret, code or token. */
  'civitai:event': (event: AuthEvent) => void
}

declare module 'nitropack' {
  interface NitroRuntimeHooks extends CivitaiHooks {}
}
