import type { Provider } from '@civitai-oauth/provider'
import { type Emulator, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { actions } from '../../src/apps/actions.ts'

let emulator: Emulator
let provider: Provider
beforeAll(async () => {
  emulator = await startEmulator({ storage: sqlite({ memory: true }) })
  provider = emulator.provider
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

type Given = Parameters<NonNullable<(typeof actions)[string]>>[1]

const act = async (name: string, given: Given, clientId?: string): Promise<readonly string[]> => {
  const lines = await actions[name]?.(provider, given, clientId)
  if (lines === undefined) throw new Error(`no action ${name}`)
  return lines
}

const draft: Given = {
  owner: 'ben',
  name: 'A tool',
  'redirect-uri': ['http://localhost:5173/oauth/callback'],
  scopes: 'UserRead,BuzzRead',
}

describe('civitai-oauth apps', () => {
  it('creates an app and prints what its environment needs', async () => {
    const [id = '', secret] = await act('create', draft)
    expect(secret).toMatch(/^CIVITAI_CLIENT_SECRET=civitai_secret_/)
    const app = await provider.admin.findApp(id.replace('CIVITAI_CLIENT_ID=', ''))
    expect(app).toMatchObject({ name: 'A tool', type: 'confidential', allowedScopes: ['UserRead', 'BuzzRead'] })
  })

  it('creates a public app, which has no secret', async () => {
    const { scopes: _, ...rest } = draft
    expect(await act('create', { ...rest, preset: 'ai services', public: true })).toHaveLength(1)
  })

  it('lists the apps of one person', async () => {
    expect(await act('list', { owner: 'ben' })).toEqual(['ben has no apps.'])
    const [id = ''] = await act('create', draft)
    expect(await act('list', { owner: 'ben' })).toEqual([
      `${id.replace('CIVITAI_CLIENT_ID=', '')}  A tool (confidential; 0 people, 0 live tokens)`,
    ])
  })

  it('rotates a secret, and verifies an app', async () => {
    const [id = '', secret] = await act('create', draft)
    const clientId = id.replace('CIVITAI_CLIENT_ID=', '')
    const [next] = await act('rotate', { owner: 'ben' }, clientId)
    expect(next).toMatch(/^CIVITAI_CLIENT_SECRET=/)
    expect(next).not.toBe(secret)
    expect(await act('verify', {}, clientId)).toEqual(['A tool is verified.'])
    expect(await provider.admin.findApp(clientId)).toMatchObject({ verified: true })
  })

  it.each([
    ['list', {}, undefined, 'Say whose apps: --owner USERNAME.'],
    ['list', { owner: 'nobody' }, undefined, 'There is no person named "nobody" in this data.'],
    ['create', { ...draft, name: '' }, undefined, 'Give the app a name'],
    ['create', { ...draft, 'redirect-uri': ['http://example.com/'] }, undefined, 'http://example.com/: Use https://.'],
    ['create', { ...draft, preset: 'Creator' }, undefined, 'Give either --scopes or --preset.'],
    ['create', { ...draft, scopes: 'Nonsense' }, undefined, 'is no scope'],
    ['rotate', { owner: 'ben' }, undefined, 'Name the app by its client id'],
    ['rotate', { owner: 'ben' }, 'somebody', 'There is no such app: somebody.'],
    ['verify', {}, 'somebody', 'There is no such app: somebody.'],
  ] as const)('says what to mend: %s %j', async (name, given, clientId, sentence) => {
    await expect(act(name, given, clientId)).rejects.toThrow(sentence)
  })
})
