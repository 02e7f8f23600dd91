import { createServer } from 'node:http'
import { createProvider } from '@civitai-oauth/provider'
import { nodeListener } from '@civitai-oauth/provider/node'
import { sqlite } from '@civitai-oauth/provider/sqlite'

const provider = await createProvider({
  issuer: 'http://localhost:4100',
  storage: sqlite({ file: '.civitai/data.sqlite' }), // or sqlite({ memory: true })
})
createServer(nodeListener(provider)).listen(4100, 'localhost')
