/** A provider with one app, sign-ins to refresh and look up, and codes to exchange. */
import { createProvider } from '../src/index.ts'
import type { Provider } from '../src/provider.ts'
import type { Storage, StorageSource } from '../src/storage/storage.ts'
import { digest, mint } from '../src/token.ts'

/** What the load needs to know of a server. */
export interface Ready {
  readonly port: number
  readonly clientId: string
  readonly secret: string
  readonly tokens: readonly { readonly access: string; readonly refresh: string }[]
  readonly codes: readonly string[]
}

export interface Seeded {
  readonly provider: Provider
  /** Who may use what was made. */
  readonly revision: number
  readonly made: Omit<Ready, 'port'>
}

export const seeded = async (source: StorageSource, connections: number, codes: number): Promise<Seeded> => {
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
  const tokens = await Promise.all((await many(connections)).map(signIn))
  const unused = await many(codes)

  return {
    provider,
    revision: app.revision,
    made: { clientId: app.clientId, secret: registered.secret as string, tokens, codes: unused },
  }
}
