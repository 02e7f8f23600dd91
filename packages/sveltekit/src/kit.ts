/**
 * SvelteKit's own refusals, as guards throw them. They are loaded when the hook first runs, so that importing this
 * package costs only what is ours; a guard runs after the hook.
 */
import type { error, redirect } from '@sveltejs/kit'

interface Kit {
  readonly error: typeof error
  readonly redirect: typeof redirect
}

let kit: Kit | undefined

export const loadKit = async (): Promise<void> => {
  kit ??= await import('@sveltejs/kit')
}

export const loadedKit = (): Kit => {
  if (kit === undefined) throw new Error('Export `handle` of civitaiAuth() in src/hooks.server.ts: guards count on it.')
  return kit
}
