/** On a plain `node:http` server. */
import { createServer } from 'node:http'
import { nodeListener } from '@civitai-oauth/client/node'
import { createApp } from './app.ts'

createServer(nodeListener(createApp(process.env))).listen(Number(process.env['PORT']), '127.0.0.1', () =>
  console.log('listening'),
)
