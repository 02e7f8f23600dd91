import type { Options } from '../options.ts'

export const staffOptions = {
  data: { type: 'string', value: 'DIR', help: 'the data folder of "dev" or "serve" (.civitai, or DATABASE_URL)' },
} as const satisfies Options
