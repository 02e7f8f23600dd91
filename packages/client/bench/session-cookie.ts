/**
 * Opening a 1.2 kB session cookie, cold: ours beside bare `node:crypto` and jose, in short slices taken in turn, so that
 * a busy machine slows all of them alike. `node --conditions=@civitai-oauth/source bench/session-cookie.ts`
 */
import * as crypto from 'node:crypto'
import { compactDecrypt } from 'jose'
import { webEngine } from '../src/seal-engine.ts'
import { createSealer, deriveKey } from '../src/seal.ts'

const secret = 'a session secret of thirty-two bytes or more'
const sliceMs = 200
const pairs = 15

const value = { u: { id: '7', username: 'ada' }, a: 'x'.repeat(400), r: 'y'.repeat(400), e: 1, i: 1, t: 1, s: '65537' }
const sealer = await createSealer([secret])
const web = await createSealer([secret], webEngine(globalThis.crypto))
const key = await deriveKey(secret, 'session')
/** Many cookies, so that nothing is opened twice in a row. */
const cookies = await Promise.all(Array.from({ length: 512 }, () => sealer.seal('session', value)))

/** The floor: decoding, AES-256-GCM, JSON, and no check at all. */
const bareKey = crypto.createSecretKey(key)
const bare = (cookie: string): unknown => {
  const [header = '', , iv = '', ciphertext = '', tag = ''] = cookie.split('.')
  const decipher = crypto.createDecipheriv('aes-256-gcm', bareKey, Buffer.from(iv, 'base64url'))
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return JSON.parse(decipher.update(ciphertext, 'base64url', 'utf8') + decipher.final('utf8'))
}

const candidates: Record<string, (cookie: string) => unknown> = {
  'bare node:crypto': bare,
  ours: (cookie) => sealer.open('session', cookie),
  'ours on WebCrypto': (cookie) => web.open('session', cookie),
  jose: (cookie) => compactDecrypt(cookie, key),
}

const slice = async (open: (cookie: string) => unknown): Promise<number> => {
  const began = performance.now()
  let opened = 0
  while (performance.now() - began < sliceMs)
    for (let many = 0; many < 64; many++) {
      const answer = open(cookies[opened++ % cookies.length] as string)
      if (answer instanceof Promise) await answer
    }
  return (opened / (performance.now() - began)) * 1000
}

const rates = Object.fromEntries(Object.keys(candidates).map((name) => [name, [] as number[]]))
for (let pair = 0; pair < pairs; pair++)
  for (const [name, open] of Object.entries(candidates)) rates[name]?.push(await slice(open))

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
const floor = rates['bare node:crypto'] as number[]
console.log(`${cookies[0]?.length} bytes`)
for (const [name, values] of Object.entries(rates)) {
  const ratio = median(values.map((rate, pair) => rate / (floor[pair] as number)))
  console.log(
    `${name.padEnd(20)} ${Math.round(median(values)).toLocaleString('en').padStart(9)} a second   ${ratio.toFixed(2)} of the floor`,
  )
}
