import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import { mint, pairAfter } from '../../src/token.ts'
import { bare, givenOut } from '../support/given-out.ts'
import { tokenPath, worldOf } from '../support/world.ts'

describe('what this server gives out once', () => {
  it('T1 is not in the database: no code, token, secret, key, password, session or request id, not even while it lives', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    const world = await worldOf({ storage: sqlite({ file: join(folder, 'data.sqlite') }) })
    const given = await givenOut(world)
    const dump = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
    for (const value of given) {
      expect(value.length).toBeGreaterThanOrEqual(43)
      expect(dump.includes(bare(value))).toBe(false)
      expect(dump.includes(Buffer.from(bare(value), 'base64url'))).toBe(false)
    }
    await world.provider.close()
    rmSync(folder, { recursive: true })
  })

  it('T6 a canary token, code, secret or verifier is in no answer and no log', async () => {
    const world = await worldOf()
    const client = await world.register()
    const canary = 'canary-'.repeat(8)
    const answers = await Promise.all([
      world.exchange(client, canary),
      world.refresh(client, canary),
      world.exchange(client, 'x', { code_verifier: canary }),
      world.post(tokenPath, {
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_id: client.id,
        client_secret: canary,
      }),
      world.post(`${tokenPath}?client_secret=${canary}`, { grant_type: 'refresh_token' }),
      world.userinfo(canary),
      world.get('/api/auth/oauth/authorize?client_id=x', {
        cookie: `civitai-portal-4100=${canary}`,
        accept: 'text/html',
      }),
    ])
    for (const response of answers) {
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain('canary')
    }
    expect(JSON.stringify(world.logged)).not.toContain('canary')
    expect(JSON.stringify(await world.provider.audit.ofApp(world.ada, client.id))).not.toContain('canary')
    await world.provider.close()
  })

  it('T7 has 256 bits of randomness, and no two are alike', () => {
    const many = Array.from({ length: 2000 }, () => mint('token', 'civitai_'))
    expect(new Set(many).size).toBe(2000)
    for (const one of many) expect(Buffer.from(one.slice('civitai_'.length), 'base64url')).toHaveLength(32)
  })

  it('the pair after a spent token depends on the token and on the salt', () => {
    const [salt, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const pair = pairAfter('civitai_a', salt, '')
    expect(pairAfter('civitai_a', salt, '')).toEqual(pair)
    const values = [pair, pairAfter('civitai_a', other, ''), pairAfter('civitai_b', salt, '')].flatMap(
      ({ access, refresh }) => [access, refresh],
    )
    expect(new Set(values).size).toBe(6)
  })
})
