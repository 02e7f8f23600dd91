/**
 * The values this server gives out: codes, tokens, client secrets, session and request ids. Each holds 256 bits of
 * randomness and is kept as its SHA-256 only.
 */
import { createHmac, hash, randomFillSync, timingSafeEqual } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length

/** 32 random bytes, drawn from a pool so that the operating system is asked once for many. */
const random32 = (): Buffer => {
  if (used + 32 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + 32))
  // What was given out does not stay behind in memory.
  pool.fill(0, used, used + 32)
  used += 32
  return bytes
}

export const digest = (value: string): Buffer => hash('sha256', value, 'buffer')

/** Random bytes that are kept beside a spent token; see `replayOf`. */
export const newSalt = random32

const prefixes = {
  code: 'code_',
  secret: 'civitai_secret_',
  token: '',
  apiKey: 'QK-',
  plain: '',
} as const

/** `brand` is the dialect's own prefix, by which a leaked one is recognised. */
export const mint = (kind: keyof typeof prefixes, brand = ''): string =>
  brand + prefixes[kind] + random32().toString('base64url')

/** Equal without telling how far: for digests, which are all of one length. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

export interface TokenPair {
  readonly access: string
  readonly refresh: string
}

export const newPair = (brand: string): TokenPair => ({ access: mint('token', brand), refresh: mint('token', brand) })

/**
 * The pair that follows a spent refresh token. Whoever holds the token and reads the salt computes the same pair: that is
 * how a lost answer is given again without being kept. Either alone is useless.
 */
export const pairAfter = (spent: string, salt: Uint8Array, brand: string): TokenPair => {
  const key = createHmac('sha512', spent).update(salt).update('replay-v1').digest()
  return {
    access: brand + key.toString('base64url', 0, 32),
    refresh: brand + key.toString('base64url', 32, 64),
  }
}

/** The code that follows a consent request, by the same rule: a doubled Authorize leads to the same code. */
export const codeAfter = (request: string, salt: Uint8Array, brand: string): string =>
  brand + prefixes.code + createHmac('sha256', request).update(salt).update('code-v1').digest('base64url')
