/** Puts the session where routes and pages find it. */
import type { Session } from '@civitai-oauth/client'
import type { H3Event } from 'h3'

/** What Nitro puts on the context it lends to a handler whose answer it keeps. */
interface Lent {
  readonly cache?: { readonly options?: { readonly getKey?: unknown } }
}

/**
 * `event.context.civitai`, except where Nitro keeps the answer for everyone, by a route rule or in a handler made by
 * `defineCachedEventHandler`: there nobody is known, for such a handler runs on the context of whoever came first.
 */
export const give = ({ context }: H3Event, session: Session | undefined): void => {
  Object.defineProperty(context, 'civitai', {
    configurable: true,
    enumerable: true,
    get: () => ((context as Lent).cache?.options?.getKey === undefined ? session : undefined),
  })
}
