import { afterEach, describe, expect, it } from 'vitest'
import { type Emulator, parseSeed, startEmulator } from '../../src/emulator/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'

let emulator: Emulator | undefined
afterEach(async () => {
  await emulator?.close()
  emulator = undefined
})

const begin = async (json: unknown): Promise<Emulator> => {
  const parsed = parseSeed(JSON.stringify(json))
  if (parsed._tag === 'Refused') throw new Error(parsed.reason)
  emulator = await startEmulator({ storage: sqlite({ memory: true }), seed: parsed.seed })
  return emulator
}

const app = {
  name: 'A tool',
  owner: 'eve',
  redirectUris: ['http://localhost:5173/oauth/callback'],
  scopes: ['UserRead'],
}

describe('a seed', () => {
  it('adds people and apps to those that are there', async () => {
    const { provider, samples } = await begin({ people: [{ username: 'eve' }], apps: [app] })
    expect(samples().users.map(({ username }) => username)).toEqual(['ada', 'ben', 'mod', 'eve'])
    expect(samples().apps.at(-1)).toMatchObject({ name: 'A tool', redirectUri: app.redirectUris[0] })
    expect(await provider.accounts.samples()).toHaveLength(4)
  })

  it('settles the credentials of an app', async () => {
    const settled = { ...app, clientId: 'a-tool', clientSecret: 'a secret for a laptop', verified: true }
    const { provider, samples } = await begin({ people: [{ username: 'eve' }], apps: [settled] })
    expect(samples().apps.at(-1)).toMatchObject({ clientId: 'a-tool', clientSecret: 'a secret for a laptop' })
    expect(await provider.admin.findApp('a-tool')).toMatchObject({ verified: true, allowedScopes: ['UserRead'] })
  })

  it('gives a person a password in place of one click', async () => {
    const { provider } = await begin({ people: [{ username: 'eve', password: 'correct horse battery' }] })
    expect(await provider.accounts.samples()).toHaveLength(3)
    const credentials = { email: 'eve@example.com', password: 'correct horse battery', address: '127.0.0.1' }
    expect(await provider.accounts.signIn(credentials, null)).toMatchObject({ _tag: 'SignedIn' })
  })

  it('is planted again by a reset', async () => {
    const { provider, samples, reset } = await begin({ people: [{ username: 'eve' }], apps: [app] })
    await reset()
    expect(await provider.admin.findApp(samples().apps.at(-1)?.clientId ?? '')).toMatchObject({ name: 'A tool' })
  })

  it.each([
    ['{"people"', 'It is not JSON.'],
    ['{"persons":[]}', 'There is no field named persons.'],
    ['{"people":[{}]}', 'people.0.username must be string.'],
    ['{"apps":[{"name":"a","owner":"ada","redirectUris":"x"}]}', 'apps.0.redirectUris must be array.'],
    ['{"apps":[{"name":"a","owner":"ada","redirectUris":[],"colour":1}]}', 'There is no field named apps.0.colour.'],
  ])('says what is wrong with it: %s', (text, reason) => {
    expect(parseSeed(text)).toEqual({ _tag: 'Refused', reason })
  })

  it.each([
    [{ ...app, owner: 'nobody' }, 'The app "A tool" of the seed has an owner who is not there.'],
    [{ ...app, redirectUris: ['http://example.com/'] }, 'cannot be registered: Use https://.'],
  ])('that cannot be planted says why', async (wrong, sentence) => {
    await expect(begin({ people: [{ username: 'eve' }], apps: [wrong] })).rejects.toThrow(sentence)
  })
})
