import { requireScopes, requireUser } from '@civitai-oauth/sveltekit'
import type { GuardedEvent } from '@civitai-oauth/sveltekit'

type Event = GuardedEvent<'UserRead' | 'BuzzRead' | 'AIServicesWrite'>

// #guards
// src/routes/gallery/+page.server.ts
export const load = (event: Event) => {
  const { user } = requireUser(event) // whoever is not signed in goes to sign in, and comes back here
  return { name: user.username }
}

export const actions = {
  generate: async (event: Event) => {
    const session = requireScopes(event, 'AIServicesWrite') // asked for beside what was granted before
    await session.fetch('/api/v1/workflows', { method: 'POST' })
  },
}
// #end
