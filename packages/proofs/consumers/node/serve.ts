/** Any `export default { fetch }` on node:http, as Deno and Bun serve it by themselves. */
import { createServer } from 'node:http'
import { nodeListener } from '@civitai-oauth/client/node'
import handler from './handler.ts'

const port = Number(process.env['PORT'])
const ready = () => console.log(`Listening on http://localhost:${port}`)
createServer(nodeListener(handler.fetch)).listen(port, 'localhost', ready)
