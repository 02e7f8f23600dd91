/**
 * Sign in with Civitai for SvelteKit: the hook, and guards for `load`, actions and endpoints. It has no protocol of its
 * own. The hooks are typed by their shape, so one build serves SvelteKit 2.20 and 3.
 */
import { type DialectChoice, type Options, type Session, createCivitaiAuth } from '@civitai-oauth/client'
import { loadKit } from './kit.ts'
import { isBuilding, nobody } from './prerendered.ts'

export { isAuthError } from '@civitai-oauth/client'
export type { AuthEvent, Options, Session, SessionView, User } from '@civitai-oauth/client'
export { requireScopes, requireUser } from './guard.ts'
export type { GuardedEvent, SignedIn } from './guard.ts'

/** What the hooks need of SvelteKit's event. */
interface HookEvent {
  readonly request: Request
  readonly locals: object
}

export interface Hooks {
  /** `event.locals.civitai` is the session; our own routes are answered before any of the app's. */
  handle<Event extends HookEvent>(input: {
    readonly event: Event
    readonly resolve: (event: Event) => Response | Promise<Response>
  }): Promise<Response>
  /** Lets `event.fetch` reach the API with the person's token. Anything else is fetched as it was. */
  handleFetch<Event extends HookEvent>(input: {
    readonly event: Event
    readonly request: Request
    readonly fetch: typeof globalThis.fetch
  }): Promise<Response>
}

const sessionOf = ({ locals }: HookEvent) => (locals as { civitai?: Session }).civitai

/** Pages that are prerendered need no secret, and hold nobody's session. */
const whileBuilding: Hooks = {
  handle: async ({ event, resolve }) => {
    await loadKit()
    Object.assign(event.locals, { civitai: nobody })
    return resolve(event)
  },
  handleFetch: ({ request, fetch }) => fetch(request),
}

/** `export const { handle, handleFetch } = civitaiAuth({ scopes: ['UserRead'] })` in `src/hooks.server.ts`. */
export const civitaiAuth = <D extends DialectChoice = 'civitai'>(options: Options<D> = {}): Hooks => {
  if (isBuilding()) return whileBuilding
  const auth = createCivitaiAuth<D>(options)
  return {
    handle: ({ event, resolve }) =>
      auth.handle(event.request, async (session) => {
        await loadKit()
        Object.assign(event.locals, { civitai: session })
        return resolve(event)
      }),
    handleFetch: async ({ event, request, fetch }) => {
      const session = sessionOf(event)
      const isOurs = session?.status === 'signed-in' && auth.sendsBearerTo(request.url)
      return isOurs ? session.fetch(request) : fetch(request)
    },
  }
}
