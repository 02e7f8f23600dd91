/**
 * A provider process over the data named on its command line, to be killed at any moment. It opens the data when it is
 * told to: by then everything is loaded, so that a killed one is followed at once.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProvider } from '../../src/index.ts'
import { nodeListener } from '../../src/node.ts'
import { postgres } from '../../src/postgres/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'

const place = process.argv[2] as string

process.once('message', async () => {
  const provider = await createProvider({
    issuer: 'http://localhost:4100',
    storage: place.startsWith('postgres:') ? postgres({ url: place, connections: 4 }) : sqlite({ file: place }),
    limits: 'off',
  })
  const server = createServer(nodeListener(provider)).listen(0, '127.0.0.1', () =>
    process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  )
})
process.send?.({ loaded: 'everything' })
process.once('disconnect', () => process.exit(0))
