import type { Options } from '../options.ts'

export const devOptions = {
  port: { type: 'string', value: 'PORT', help: 'where to listen (4100; 0 takes a free port)' },
  data: { type: 'string', value: 'DIR', help: 'where to keep data (.civitai)' },
  memory: { type: 'boolean', help: 'keep nothing after the end' },
  profile: {
    type: 'string',
    value: 'PROFILE',
    help: 'documented, or observed for the quirks of production; also documented,+QUIRK or observed,-QUIRK',
  },
  seed: { type: 'string', value: 'FILE', help: 'more people and apps to begin with, as JSON' },
  limits: { type: 'boolean', help: 'refuse callers above the documented rates, as the real server does' },
  json: { type: 'boolean', help: 'print one line of JSON when ready, secrets included' },
  open: { type: 'boolean', help: 'open the portal in a browser' },
} as const satisfies Options
