/** A provider process over the Postgres named on its command line, with latency; says where it listens. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProvider } from '../../src/index.ts'
import { nodeListener } from '../../src/node.ts'
import { postgres } from '../../src/postgres/index.ts'
import { withLatency } from './latency.ts'

const provider = await createProvider({
  issuer: 'http://localhost:4100',
  storage: withLatency(postgres({ url: process.argv[2] as string, connections: 4 })),
  limits: 'off',
})
const server = createServer(nodeListener(provider)).listen(0, '127.0.0.1', () =>
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
)
process.once('SIGTERM', () => {
  server.closeAllConnections()
  server.close(() => void provider.close().then(() => process.exit(0)))
})
process.once('disconnect', () => process.exit(0))
