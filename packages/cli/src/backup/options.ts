import type { Options } from '../options.ts'

export const backupOptions = {
  data: { type: 'string', value: 'DIR', help: 'the data folder of "dev" or "serve" (.civitai)' },
  to: { type: 'string', value: 'FILE', help: 'where the copy goes: a file that is not there yet (required)' },
} as const satisfies Options
