import { requireScopes, requireUser } from '@civitai-oauth/sveltekit'

export const load = (event) => {
  const { user } = requireUser(event) // whoever is not signed in goes to sign in, and comes back here
  return { name: user.username }
}

export const actions = {
  generate: async (event) => {
    const session = requireScopes(event, 'AIServicesWrite') // asked for beside what was granted before
    await session.fetch('/api/v1/workflows', { method: 'POST' })
  },
}
