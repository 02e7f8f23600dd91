import { type DialectName, civitai } from '@civitai-oauth/core'
import { randomBytes } from 'node:crypto'

/**
 * The lines a developer pastes into an app's `.env`. The session secret is the app's own: made here because it is
 * needed now, 32 random bytes, and kept nowhere. The issuer is named wherever it is not production's.
 */
export const environmentLines = (
  issuer: string,
  { clientId, dialect }: { readonly clientId: string; readonly dialect: DialectName },
  secret: string | null,
): string => (dialect === 'quaily' ? quailyLines(issuer, clientId) : civitaiLines(issuer, clientId, secret))

const quailyLines = (issuer: string, clientId: string): string =>
  [`QUAILY_CLIENT_ID=${clientId}`, `QUAILY_AUTH_BASE=${issuer}/quaily`, `QUAILY_API_BASE=${issuer}/quaily/api`].join(
    '\n',
  )

const civitaiLines = (issuer: string, clientId: string, secret: string | null): string =>
  [
    `CIVITAI_CLIENT_ID=${clientId}`,
    ...(secret === null
      ? []
      : [`CIVITAI_CLIENT_SECRET=${secret}`, `CIVITAI_SESSION_SECRET=${randomBytes(32).toString('base64url')}`]),
    ...(issuer === civitai.production.auth ? [] : [`CIVITAI_ISSUER=${issuer}`]),
  ].join('\n')
