/**
 * Opening a 1.2 kB session cookie, cold: ours beside bare `node:crypto`, jose and what other libraries open theirs with, in
 * short slices taken in turn, by processor time, so that a busy machine slows all of them alike.
 */
import * as crypto from 'node:crypto'
import { loadavg } from 'node:os'
import { decode, encode } from '@auth/core/jwt'
import { symmetricDecodeJWT, symmetricEncodeJWT } from 'better-auth/crypto'
import { sealData, unsealData } from 'iron-session'
import { compactDecrypt } from 'jose'
import { webEngine } from '../src/seal-engine.ts'
import { createSealer, deriveKey } from '../src/seal.ts'

const secret = 'a session secret of thirty-two bytes or more'
const salt = 'session'
const sliceMs = 100
const rounds = 21
/** Of bare node:crypto, and how many times iron-session. */
const budgets = { bare: 0.75, iron: 10 }

const value = { u: { id: '7', username: 'ada' }, a: 'x'.repeat(400), r: 'y'.repeat(400), e: 1, i: 1, t: 1, s: '65537' }
const sealer = await createSealer([secret])
const web = await createSealer([secret], webEngine(globalThis.crypto))
const key = await deriveKey(secret, 'session')

/** Many cookies, so that nothing is opened twice in a row. */
const many = async (seal: () => string | Promise<string>): Promise<readonly string[]> => {
  const sealed: string[] = []
  for (let one = 0; one < 256; one++) sealed.push(await seal())
  return sealed
}
const ours = await many(() => sealer.seal('session', value))

/** The floor: decoding, AES-256-GCM, JSON, and no check at all. */
const bareKey = crypto.createSecretKey(key)
const bare = (cookie: string): unknown => {
  const [header = '', , iv = '', ciphertext = '', tag = ''] = cookie.split('.')
  const decipher = crypto.createDecipheriv('aes-256-gcm', bareKey, Buffer.from(iv, 'base64url'))
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return JSON.parse(decipher.update(ciphertext, 'base64url', 'utf8') + decipher.final('utf8'))
}

interface Candidate {
  readonly name: string
  readonly cookies: readonly string[]
  readonly open: (cookie: string) => unknown
}

const candidates: readonly Candidate[] = [
  { name: 'bare node:crypto', cookies: ours, open: bare },
  { name: 'ours', cookies: ours, open: (cookie) => sealer.open('session', cookie) },
  { name: 'ours on WebCrypto', cookies: ours, open: (cookie) => web.open('session', cookie) },
  {
    name: 'jose',
    cookies: ours,
    open: async (cookie) =>
      JSON.parse(new TextDecoder().decode((await compactDecrypt(cookie, key)).plaintext)) as unknown,
  },
  {
    name: 'iron-session',
    cookies: await many(() => sealData(value, { password: secret })),
    open: (cookie) => unsealData(cookie, { password: secret }),
  },
  {
    name: 'Auth.js',
    cookies: await many(() => encode({ token: value, secret, salt })),
    open: (token) => decode({ token, secret, salt }),
  },
  {
    name: 'better-auth',
    cookies: await many(() => symmetricEncodeJWT(value, secret, salt)),
    open: (cookie) => symmetricDecodeJWT(cookie, secret, salt),
  },
]

for (const { name, cookies, open } of candidates) {
  const opened = (await open(cookies[0] as string)) as Partial<typeof value> | null
  if (opened?.a !== value.a) throw new Error(`${name} does not open its own cookie.`)
}

/** How many it opens in a second of processor time: what else a busy machine does in between is not its own doing. */
const slice = async ({ cookies, open }: Candidate): Promise<number> => {
  const [began, before] = [performance.now(), process.cpuUsage()]
  let opened = 0
  while (performance.now() - began < sliceMs)
    for (let one = 0; one < 32; one++) {
      const answer = open(cookies[opened++ % cookies.length] as string)
      if (answer instanceof Promise) await answer
    }
  const { user, system } = process.cpuUsage(before)
  return (opened / (user + system)) * 1_000_000
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

const rates = new Map(candidates.map(({ name }) => [name, [] as number[]]))
for (let round = 0; round < rounds; round++)
  for (const candidate of candidates) rates.get(candidate.name)?.push(await slice(candidate))

const of = (name: string) => rates.get(name) ?? []
/** The median of what one did beside the other, slice by slice. */
const ratio = (name: string, to: string) => median(of(name).map((rate, round) => rate / (of(to)[round] as number)))

console.log(
  `Opening a session cookie of ${ours[0]?.length} bytes: medians of ${rounds} slices, load ${loadavg()[0]?.toFixed(1)}`,
)
for (const { name } of candidates) {
  const rate = Math.round(median(of(name))).toLocaleString('en')
  console.log(
    `  ${name.padEnd(18)}${rate.padStart(9)} a second   ${ratio(name, 'bare node:crypto').toFixed(2)} of bare`,
  )
}
const verdict = (holds: boolean) => (holds ? 'met' : 'MISSED')
const [toBare, toIron] = [ratio('ours', 'bare node:crypto'), ratio('ours', 'iron-session')]
console.log(`  ${toBare.toFixed(2)} of bare node:crypto, budget ${budgets.bare}: ${verdict(toBare >= budgets.bare)}`)
console.log(`  ${toIron.toFixed(1)} times iron-session, budget ${budgets.iron}: ${verdict(toIron >= budgets.iron)}`)
