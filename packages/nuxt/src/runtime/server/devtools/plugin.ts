/** Listens to what happens to sessions, for the tab in DevTools. */
import type { H3Event } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { log } from './log.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('civitai:event', (event) => log.happened(event, Date.now()))
  // By then everything is settled, and looking changes nothing.
  hooks.hook('afterResponse', ({ context, path }: H3Event) => {
    if (context.civitai !== undefined && !path.includes('/__')) log.seen(context.civitai, path, Date.now())
  })
})
