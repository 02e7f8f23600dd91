import { type Emulator, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '../../src/doctor/doctor.ts'

let emulator: Emulator
let env: Record<string, string>

beforeAll(async () => {
  emulator = await startEmulator({ storage: sqlite({ memory: true }) })
  const [app] = emulator.samples().apps
  env = {
    CIVITAI_CLIENT_ID: app?.clientId ?? '',
    CIVITAI_CLIENT_SECRET: app?.clientSecret ?? '',
    CIVITAI_SESSION_SECRET: 'a session secret of more than 32 bytes',
    CIVITAI_ISSUER: emulator.issuer,
    CIVITAI_ORIGIN: 'http://localhost:4101',
  }
})
afterAll(() => emulator.close())

const found = async (more: Record<string, string>, callback = '/oauth/callback') =>
  (await examine({ ...env, ...more }, callback, fetch)).map(({ verdict, sentence }) => `${verdict}: ${sentence}`)

describe('the doctor', () => {
  it('finds nothing wrong with an app that is set up', async () => {
    expect(await found({})).toEqual([
      'good: The environment holds a client id and a session secret.',
      `good: ${emulator.issuer} answers.`,
      'good: The client id and secret are the ones the server has.',
      'good: The redirect URI http://localhost:4101/oauth/callback is registered.',
    ])
  })

  it.each([
    ['a short session secret', { CIVITAI_SESSION_SECRET: 'short' }, 'CIVITAI_SESSION_SECRET is too short'],
    ['no client id', { CIVITAI_CLIENT_ID: '' }, 'Set CIVITAI_CLIENT_ID to the client id from your OAuth Apps card.'],
    ['a wrong secret', { CIVITAI_CLIENT_SECRET: 'civitai_secret_of_yesterday' }, 'refuses this client id and secret'],
    ['a wrong client id', { CIVITAI_CLIENT_ID: 'somebody' }, 'refuses this client id and secret'],
    ['a server that is not there', { CIVITAI_ISSUER: 'http://localhost:9' }, 'http://localhost:9 does not answer'],
    ['an unregistered address', { CIVITAI_ORIGIN: 'http://localhost:3000' }, 'register exactly http://localhost:3000'],
  ])('names %s', async (_, more, sentence) => {
    const bad = (await found(more)).filter((one) => one.startsWith('bad'))
    expect(bad).toHaveLength(1)
    expect(bad[0]).toContain(sentence)
  })

  it('names a server that is known by another name', async () => {
    const other = emulator.issuer.replace('localhost', '127.0.0.1')
    expect(await found({ CIVITAI_ISSUER: other })).toContain(
      `bad: ${other} calls itself ${emulator.issuer}: set CIVITAI_ISSUER to exactly that.`,
    )
  })

  it('does not claim what a server will not tell', async () => {
    emulator.provider.profile.set('documented,+session-first')
    expect((await found({ CIVITAI_ORIGIN: 'http://localhost:3000' })).at(-1)).toContain(
      'unknown: This server does not say',
    )
    emulator.provider.profile.set('documented')
  })

  it('T6 repeats no secret', async () => {
    const text = (await found({ CIVITAI_SESSION_SECRET: 'shortie', CIVITAI_CLIENT_SECRET: 'hush-hush' })).join()
    expect(text).not.toContain('shortie')
    expect(text).not.toContain('hush')
  })
})
