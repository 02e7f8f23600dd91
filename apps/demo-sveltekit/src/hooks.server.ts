import { civitaiAuth } from '@civitai-oauth/sveltekit'

// The whole integration. Client id, secrets and addresses come from the environment.
export const { handle, handleFetch } = civitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
