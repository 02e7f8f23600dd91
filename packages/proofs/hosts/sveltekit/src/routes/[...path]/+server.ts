import { type GuardedEvent, requireScopes } from '@civitai-oauth/sveltekit'
import { pageOf } from '../../../../pages.ts'

export const GET = (event: GuardedEvent) =>
  pageOf({
    request: event.request,
    session: event.locals.civitai,
    requireScopes: (...scopes) => requireScopes(event, ...scopes),
  })
