/** `civitai-oauth dev`, as its options change it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { developed, type Line, type Running } from '../running.ts'

describe('civitai-oauth dev with every option', () => {
  let folder: string
  let running: Running
  let line: Line

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    const seed = join(folder, 'seed.json')
    const app = { name: 'a tool', owner: 'eve', redirectUris: ['http://localhost:1/cb'], scopes: ['UserRead'] }
    writeFileSync(seed, JSON.stringify({ people: [{ username: 'eve' }], apps: [app] }))
    const options = ['--profile', 'observed,-redirect-303,+scope-as-array', '--limits', '--seed', seed]
    const begun = await developed(['--port', '0', '--memory', ...options])
    running = begun.running
    line = begun.line
  })
  afterAll(async () => {
    running.stop()
    expect(await running.ended).toBe(0)
    rmSync(folder, { recursive: true })
  })

  const control = async (name: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${line.issuer}/__emulator/${name}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  const tool = () => line.apps.find(({ name }) => name === 'a tool')
  const token = () =>
    fetch(`${line.issuer}/api/auth/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: tool()?.clientId ?? '',
        client_secret: tool()?.clientSecret ?? '',
      }),
    })

  it('has the people and apps of the seed beside its own', () => {
    expect(line.users.map(({ username }) => username)).toEqual(['ada', 'ben', 'mod', 'eve'])
    expect(tool()).toMatchObject({ clientSecret: expect.stringMatching(/^civitai_secret_/) })
  })

  it('answers as the profile says, each quirk put in and taken out', async () => {
    expect(((await (await token()).json()) as { scope: unknown }).scope).toEqual(['1'])
    const url = `${line.issuer}/api/auth/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: tool()?.clientId ?? '',
      redirect_uri: 'http://localhost:1/cb',
      scope: '1',
      state: 'a-state',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })}`
    const { location } = await control('authorize', { user: 'ben', url, approve: true, remember: true })
    expect(location).toMatch(/\?code=civitai_code_[\w-]{43}&state=a-state$/)
    const { name, value } = await control('sessions', { user: 'ben' })
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: `${name}=${value}` } })
    expect(answer.status).toBe(302)
  })

  it('counts by the documented rates, which the clock and a reset give back', async () => {
    let refused = 0
    for (let time = 0; time < 21; time++) if ((await token()).status === 429) refused += 1
    expect(refused).toBeGreaterThan(0)
    await control('clock', { advance: 61 })
    expect((await token()).status).toBe(200)
    await control('profile', { profile: 'documented' })
    await control('reset', {})
    const again = (await (await token()).json()) as { scope: unknown }
    expect(again.scope).toEqual(['1'])
  })
})
