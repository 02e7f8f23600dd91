/**
 * Sealing: a value only this app can make or read, as a compact JWE (`dir`, A256GCM; RFC 7516, RFC 7518 section 5.3).
 *
 * A seal is bound to its purpose twice, in the key and in the protected header: a value sealed for one purpose never
 * opens for another. The key is bound to the app and its server too: apps that share a secret share no people. The newest
 * secret seals, every secret opens. Whatever does not open is `undefined`, never an
 * exception; that includes encodings which decode to the right bytes but are not the canonical ones.
 */
import { type Engine, type Key, engine as platformEngine } from './seal-engine.ts'

export type Purpose = 'session' | 'attempt' | 'note'
const purposes: readonly Purpose[] = ['session', 'attempt', 'note']

export interface Sealer {
  /** A compact JWE of the value as JSON. */
  seal(purpose: Purpose, value: unknown): string | Promise<string>
  /** The sealed value; `undefined` for anything this ring did not seal for this purpose. */
  open(purpose: Purpose, text: string): unknown
}

interface RingKey {
  readonly key: Key
  readonly kid: string
  /** The protected header and the empty encrypted key: what everything sealed with this key begins with. */
  readonly prefix: string
  readonly header: string
}

/** What a session in a store may take; a cookie is bounded by the header it comes in. */
const longest = 1_000_000
const ivLength = 16
const tagLength = 22

const encoder = new TextEncoder()
const base64urlOf = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** 32 bytes for one secret, one purpose and one audience: HKDF-SHA-256 (RFC 5869), no salt. */
export const deriveKey = (secret: string, purpose: Purpose, engine: Engine = platformEngine(), audience = '') =>
  engine.hkdf(encoder.encode(secret), `civitai-oauth/v1/${purpose}${audience && ` for ${audience}`}`, 32)

/** Names a secret without telling anything of it. */
export const keyId = async (secret: string, engine: Engine = platformEngine()) =>
  Array.from(await engine.hkdf(encoder.encode(secret), 'civitai-oauth/v1/kid', 4), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

const ringKey = async (secret: string, purpose: Purpose, engine: Engine, audience: string): Promise<RingKey> => {
  const kid = await keyId(secret, engine)
  const header = base64urlOf(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid, typ: 'JWE', purpose }))
  const key = await engine.importKey(await deriveKey(secret, purpose, engine, audience))
  return { key, kid, header, prefix: `${header}..` }
}

const alphabet = /^[\w-]*$/
/** By length modulo 4: the last characters whose spare bits are zero. */
const lastCharacters = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'] as const
const isCanonical = (text: string) => {
  const last = lastCharacters[text.length % 4]
  return (last === undefined || last.includes(text.charAt(text.length - 1))) && alphabet.test(text)
}

/** A header in another order or spacing, as other JOSE libraries write it, is as good as ours. */
const keyOfHeader = (header: string, purpose: Purpose, ring: readonly RingKey[]): RingKey | undefined => {
  try {
    const {
      alg,
      enc,
      kid,
      purpose: sealedFor,
      crit,
      zip,
    } = JSON.parse(atob(header.replaceAll('-', '+').replaceAll('_', '/')))
    if (alg !== 'dir' || enc !== 'A256GCM' || sealedFor !== purpose || crit !== undefined || zip !== undefined) return
    return ring.find((one) => one.kid === kid)
  } catch {
    return
  }
}

const parse = (json: string | undefined): unknown => {
  try {
    return json === undefined ? undefined : JSON.parse(json)
  } catch {
    return
  }
}

/** Keys are derived here, once. Secrets newest first. `audience`: whose values these are; nobody else's open here. */
export const createSealer = async (
  secrets: readonly string[],
  engine: Engine = platformEngine(),
  audience = '',
): Promise<Sealer> => {
  const rings = {} as Record<Purpose, readonly RingKey[]>
  for (const purpose of purposes)
    rings[purpose] = await Promise.all(secrets.map((secret) => ringKey(secret, purpose, engine, audience)))
  return {
    seal: (purpose, value) => {
      const { key, header, prefix } = rings[purpose][0] as RingKey
      const sealed = engine.encrypt(key, header, JSON.stringify(value))
      return typeof sealed === 'string' ? prefix + sealed : sealed.then((rest) => prefix + rest)
    },
    open: (purpose, text) => {
      if (text.length > longest) return
      const ring = rings[purpose]
      let one = ring.find((key) => text.startsWith(key.prefix))
      let header = one?.header
      if (header === undefined) {
        header = text.slice(0, Math.max(0, text.indexOf('..')))
        if (!isCanonical(header)) return
        one = keyOfHeader(header, purpose, ring)
      }
      if (one === undefined) return
      const start = header.length + 2
      const end = text.length - tagLength
      const iv = text.slice(start, start + ivLength)
      const ciphertext = text.slice(start + ivLength + 1, end - 1)
      const tag = text.slice(end)
      if (end - 1 < start + ivLength + 1 || text[start + ivLength] !== '.' || text[end - 1] !== '.') return
      if (!isCanonical(iv) || !isCanonical(ciphertext) || !isCanonical(tag)) return
      const json = engine.decrypt(one.key, header, iv, ciphertext, tag)
      return json instanceof Promise ? json.then(parse) : parse(json)
    },
  }
}
