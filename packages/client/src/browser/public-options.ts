/** What an app without a server says about itself, and where that leads. */
import type { Protocol } from '@civitai-oauth/core/dialect'
import { civitaiProtocol } from '@civitai-oauth/core/dialects/civitai-protocol'
import { defaultApiOrigin } from '../api-origin.ts'
import type { PublicTarget } from './public-token.ts'

export interface PublicOptions<S extends string = string> {
  readonly clientId: string
  /** What to ask for at sign-in; the dialect's baseline is always among it. The dialect says what there is to name. */
  readonly scopes?: readonly NoInfer<S>[]
  /** Default: Civitai. */
  readonly dialect?: Protocol<S>
  /** Default: production. */
  readonly issuer?: string
  /** Where `fetch` resolves paths and sends the bearer. Default: beside the issuer. */
  readonly apiOrigin?: string
  /** The path of the registered redirect URI. Default `/oauth/callback`. */
  readonly callbackPath?: string
  /** `local` keeps tokens in localStorage, across tabs and restarts, where any script of this origin can read them. */
  readonly persist?: 'memory' | 'local'
}

const trimSlash = (address: string) => address.replace(/\/+$/, '')

export const targetOf = <S extends string>(
  options: PublicOptions<S>,
): PublicTarget & { readonly apiOrigin: string } => {
  const dialect = (options.dialect ?? civitaiProtocol) as Protocol<string> as Protocol
  const issuer = trimSlash(options.issuer ?? dialect.production.auth)
  const apiOrigin = trimSlash(options.apiOrigin ?? defaultApiOrigin(dialect, issuer))
  const tokenBase = dialect.hosts === 'two' ? apiOrigin : issuer
  return { dialect, clientId: options.clientId, issuer, tokenBase, apiOrigin }
}
