import type { Options } from '../options.ts'

export const doctorOptions = {
  env: { type: 'string', value: 'FILE', help: 'read variables from this file first, e.g. .env' },
  callback: { type: 'string', value: 'PATH', help: "the path of your app's redirect URI (/oauth/callback)" },
} as const satisfies Options
