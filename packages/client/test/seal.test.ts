import * as fc from 'fast-check'
import { CompactEncrypt, compactDecrypt } from 'jose'
import * as crypto from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { createSealer, deriveKey, keyId } from '../src/seal.ts'
import { nodeEngine, webEngine } from '../src/seal-engine.ts'
import { alwaysAsync, patience } from './property.ts'

const secret = 'a session secret of thirty-two bytes or more'
const other = 'another session secret, just as long as that'
const engines = { 'node:crypto': nodeEngine(crypto), WebCrypto: webEngine(globalThis.crypto) }
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe.each(Object.entries(engines))('a seal made with %s', (_, engine) => {
  it('opens again, whatever was sealed', { timeout: patience }, async () => {
    const sealer = await createSealer([secret], engine)
    await alwaysAsync(fc.jsonValue(), async (value) => {
      const json = JSON.stringify(value)
      return JSON.stringify(await sealer.open('session', await sealer.seal('session', JSON.parse(json)))) === json
    })
  })

  it('K3 never opens for another purpose', async () => {
    const sealer = await createSealer([secret], engine)
    const sealed = await sealer.seal('attempt', { value: 1 })
    expect(await sealer.open('session', sealed)).toBeUndefined()
    expect(await sealer.open('note', sealed)).toBeUndefined()
  })

  it('K4 never opens with one bit flipped, anywhere', { timeout: patience }, async () => {
    const sealer = await createSealer([secret], engine)
    const sealed = await sealer.seal('session', { name: 'ada' })
    const opened: string[] = []
    for (let at = 0; at < sealed.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const flipped =
          sealed.slice(0, at) + String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit)) + sealed.slice(at + 1)
        if ((await sealer.open('session', flipped)) !== undefined) opened.push(flipped)
      }
    expect(opened).toEqual([])
  })

  it('K4 never opens with a last character whose spare bits are set', async () => {
    const sealer = await createSealer([secret], engine)
    const sealed = await sealer.seal('session', { name: 'ada' })
    const ends = [sealed.lastIndexOf('.') - 1, sealed.length - 1]
    for (const at of ends)
      for (const character of base64url) {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1)
        expect(await sealer.open('session', changed)).toEqual(changed === sealed ? { name: 'ada' } : undefined)
      }
  })

  it('K4 never throws, whatever a cookie holds', { timeout: patience }, async () => {
    const sealer = await createSealer([secret], engine)
    const prefix = (await sealer.seal('session', 1)).split('..')[0]
    const part = fc.string({ unit: fc.constantFrom(...base64url, '=', '+', ' ', 'é') })
    const parts = fc.array(fc.oneof(part, fc.constant(prefix)), { maxLength: 7 })
    await alwaysAsync(parts, async (all) => (await sealer.open('session', all.join('.'))) === undefined)
  })

  it('K11 opens with every secret of the ring, and seals with the newest', async () => {
    const before = await createSealer([other], engine)
    const ring = await createSealer([secret, other], engine)
    const after = await createSealer([secret], engine)
    expect(await ring.open('session', await before.seal('session', 'kept'))).toBe('kept')
    expect(await after.open('session', await ring.seal('session', 'kept'))).toBe('kept')
    expect(await after.open('session', await before.seal('session', 'gone'))).toBeUndefined()
  })

  it('opens in jose', async () => {
    const sealer = await createSealer([secret], engine)
    const sealed = await sealer.seal('session', { name: 'ada' })
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, await deriveKey(secret, 'session'))
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({ name: 'ada' })
    expect(protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: await keyId(secret),
      typ: 'JWE',
      purpose: 'session',
    })
  })

  const seal = async (header: Record<string, unknown>) =>
    new CompactEncrypt(new TextEncoder().encode('{"name":"ada"}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
      .encrypt(await deriveKey(secret, 'session'))

  it('is what jose makes, with the header members in any order', async () => {
    const sealer = await createSealer([secret], engine)
    const kid = await keyId(secret)
    expect(await sealer.open('session', await seal({ purpose: 'session', kid }))).toEqual({ name: 'ada' })
  })

  it('is refused from jose for another purpose or an unknown key', async () => {
    const sealer = await createSealer([secret], engine)
    const kid = await keyId(secret)
    expect(await sealer.open('session', await seal({ purpose: 'attempt', kid }))).toBeUndefined()
    expect(await sealer.open('session', await seal({ kid }))).toBeUndefined()
    expect(await sealer.open('session', await seal({ purpose: 'session', kid: 'other' }))).toBeUndefined()
    expect(await sealer.open('session', await seal({ purpose: 'session' }))).toBeUndefined()
  })
})

it('opens across engines', async () => {
  const node = await createSealer([secret], engines['node:crypto'])
  const web = await createSealer([secret], engines.WebCrypto)
  expect(await web.open('session', await node.seal('session', 'é'))).toBe('é')
  expect(await node.open('session', await web.seal('session', 'é'))).toBe('é')
})

describe('where there is no node:crypto', () => {
  it('seals with WebCrypto, and opens what a server with node:crypto sealed', async () => {
    const sealed = await (await createSealer([secret])).seal('session', { value: 1 })
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    const worker = await createSealer([secret])
    const opened = worker.open('session', sealed)
    expect(opened).toBeInstanceOf(Promise)
    expect(await opened).toEqual({ value: 1 })
  })
})
