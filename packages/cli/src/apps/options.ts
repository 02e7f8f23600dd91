import type { Options } from '../options.ts'

export const appsOptions = {
  data: { type: 'string', value: 'DIR', help: 'the data folder of "dev" or "serve" (.civitai, or DATABASE_URL)' },
  owner: { type: 'string', value: 'USERNAME', help: 'whose apps (required, but for verify)' },
  name: { type: 'string', value: 'NAME', help: 'create: what people see' },
  description: { type: 'string', value: 'TEXT', help: 'create: one sentence for the consent page' },
  'redirect-uri': { type: 'string', multiple: true, value: 'URI', help: 'create: once for each address' },
  scopes: { type: 'string', value: 'NAMES', help: 'create: the most it may ask for, e.g. UserRead,BuzzRead' },
  preset: { type: 'string', value: 'PRESET', help: 'create: a preset in place of scopes, e.g. "AI Services"' },
  public: { type: 'boolean', help: 'create: an app that cannot keep a secret' },
} as const satisfies Options
