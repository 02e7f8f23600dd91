/** What `nuxt.config.ts` may say under `civitaiAuth`, and a page in `definePageMeta`. */
import type { DialectName, Options, ScopeOf } from '@civitai-oauth/client'

export type { ScopeOf } from '@civitai-oauth/client'

/** What a configuration file can hold; the rest are Nitro hooks, see `hooks.ts`. */
type FileOptions<D extends DialectName> = Omit<Options<D>, 'dialect' | 'store' | 'onSignIn' | 'onEvent' | 'env'>

interface QuailyOptions extends Omit<FileOptions<'quaily'>, 'scopes'> {
  readonly dialect: 'quaily'
  /** What to ask for at sign-in. Default: `user.public`. */
  readonly scopes?: { readonly [index: number]: ScopeOf['quaily']; readonly length: number }
}
/** The last of the union: TypeScript speaks of it where nothing says which dialect is meant. */
interface CivitaiOptions extends FileOptions<'civitai'> {
  /** Which server family this is. Default `civitai`. */
  readonly dialect?: 'civitai' | undefined
}

/**
 * All of it is optional, and secrets do not belong here: what is left out comes from the environment when the server
 * starts, `CIVITAI_CLIENT_ID`, `CIVITAI_CLIENT_SECRET`, `CIVITAI_SESSION_SECRET`, … or `NUXT_CIVITAI_AUTH_CLIENT_ID`, ….
 */
export type ModuleOptions = QuailyOptions | CivitaiOptions

/** `definePageMeta({ civitaiAuth: { scopes: ['BuzzRead'] } })`. */
export interface PageRequirement<S extends string = ScopeOf['civitai']> {
  /** Permissions the page needs. None: it is enough to be signed in. */
  readonly scopes?: readonly S[]
}
