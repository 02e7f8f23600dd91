import type { Options } from '../options.ts'

export const loginOptions = {
  'client-id': { type: 'string', value: 'ID', help: 'a public app (CIVITAI_CLIENT_ID)' },
  issuer: { type: 'string', value: 'URL', help: 'the authorization server (CIVITAI_ISSUER, or production)' },
  scopes: { type: 'string', value: 'NAMES', help: 'what to ask for (UserRead)' },
  port: { type: 'string', value: 'PORT', help: 'of the redirect URI http://localhost:PORT/oauth/callback (4180)' },
  token: { type: 'boolean', help: 'print the access token, for a script, and nothing else' },
  open: { type: 'boolean', help: 'open the address in a browser' },
} as const satisfies Options
