import { civitaiAuth } from '@civitai-oauth/sveltekit'

export const { handle, handleFetch } = civitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
