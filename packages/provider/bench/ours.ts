/** Our provider on a SQLite file, or on the Postgres given. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeListener } from '../src/node.ts'
import { postgres } from '../src/postgres/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { seeded } from './seed.ts'

const [place = '', connections = '32', codes = '0'] = process.argv.slice(2)
const source = place.startsWith('postgres:') ? postgres({ url: place }) : sqlite({ file: place })
const { provider, made } = await seeded(source, Number(connections), Number(codes))
const server = createServer(nodeListener(provider)).listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, ...made }),
)
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
