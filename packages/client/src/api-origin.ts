/**
 * Where the API is when an app does not say: production's API belongs to production's server, and any other server is
 * taken to carry its own. So a token never goes to a server that did not issue it.
 */
import type { Protocol } from '@civitai-oauth/core/dialect'

/** `issuer` without a slash at its end; so is the answer. */
export const defaultApiOrigin = ({ production, hosts }: Protocol, issuer: string): string => {
  if (issuer === production.auth) return production.api
  return hosts === 'two' ? `${issuer}/api` : issuer
}
