/** Our provider on a SQLite file (or the Postgres given), with sign-ins to refresh, look up and codes to exchange. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProvider } from '../src/index.ts'
import { nodeListener } from '../src/node.ts'
import { postgres } from '../src/postgres/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import type { Storage, StorageSource } from '../src/storage/storage.ts'
import { digest, mint } from '../src/token.ts'

const [place = '', connections = '32', codes = '0'] = process.argv.slice(2)
const source: StorageSource = place.startsWith('postgres:') ? postgres({ url: place }) : sqlite({ file: place })

let storage!: Storage
const provider = await createProvider({
  issuer: 'http://localhost:4100',
  storage: { open: async () => (storage = await source.open()) },
  limits: 'off',
})
const created = await provider.admin.createPerson({ username: `ada_${Date.now()}` })
if (created._tag !== 'Created') throw new Error('taken')
const registered = await provider.admin.registerApp(created.person, {
  name: 'Bench',
  description: '',
  redirectUris: 'https://app.example.com/cb',
  scopes: ['UserRead'],
  type: 'confidential',
  dialect: 'civitai',
})
if (registered._tag !== 'Registered') throw new Error('not registered')
const app = await storage.apps.find(registered.app.clientId)
if (!app) throw new Error('gone')

const challenge = digest('v'.repeat(50)).toString('base64url')
const newCode = async (): Promise<string> => {
  const code = mint('code')
  await storage.consents.approveDirectly({
    personId: created.person.id,
    clientId: app.clientId,
    revision: app.revision,
    byToken: null,
    code: {
      hash: digest(code),
      redirectUri: 'https://app.example.com/cb',
      challenge,
      challengeMethod: 'S256',
      scopes: 1,
      expiresAt: Date.now() + 3_600_000,
    },
    now: Date.now(),
  })
  return code
}
const many = async (count: number) => {
  const made: string[] = []
  for (let at = 0; at < count; at += 500)
    made.push(...(await Promise.all(Array.from({ length: Math.min(500, count - at) }, newCode))))
  return made
}
const signIn = async (code: string) => {
  const [access, refresh] = [mint('token', 'civitai_'), mint('token', 'civitai_')]
  const now = Date.now()
  await storage.tokens.redeemCode({
    codeHash: digest(code),
    clientId: app.clientId,
    revision: app.revision,
    redirectUri: 'https://app.example.com/cb',
    expected: { S256: challenge, plain: '' },
    tokens: {
      accessHash: digest(access),
      refreshHash: digest(refresh),
      accessExpiresAt: now + 3_600_000,
      refreshExpiresAt: now + 86_400_000,
    },
    now,
  })
  return { access, refresh }
}
const tokens = await Promise.all((await many(Number(connections))).map(signIn))
const unused = await many(Number(codes))
const server = createServer(nodeListener(provider)).listen(0, '127.0.0.1', () =>
  process.send?.({
    port: (server.address() as AddressInfo).port,
    clientId: app.clientId,
    secret: registered.secret,
    tokens,
    codes: unused,
  }),
)
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
