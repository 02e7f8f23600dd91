/**
 * Client secrets: shown once, then only their digest exists. An app has a current secret and, while a rotation is being
 * prepared, a next one; both are accepted.
 *
 * Source: the seed "Registering an OAuth app"; RFC 6749 section 2.3.1, RFC 9700 section 2.5.
 */
import { base64url } from './pkce.ts'

/** A value that must not be printed by accident. `reveal()` is the one way to read it. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '<redacted>'
  }
  toJSON(): string {
    return '<redacted>'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '<redacted>'
  }
}

/** What is kept of a secret. `digest` is whatever the storage compares with; `issuedAt` is Unix milliseconds. */
export interface Kept {
  readonly digest: string
  readonly issuedAt: number
}

/** A new secret: `reveal` is shown once, and only `kept` has a column. */
export interface Issued {
  readonly reveal: Secret
  readonly kept: Kept
}

/** Secrets begin with it, so that a leaked one is recognised. */
export const prefix = 'civitai_secret_'

/** BASE64URL(SHA256(secret)). Secrets are random, so a slow hash would add nothing. */
export const digestOf = async (secret: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))))

/** A secret from 32 random bytes or more. */
export const issueSecret = async (random: Uint8Array, at: number): Promise<Issued> => {
  if (random.length < 32) throw new RangeError('A client secret is made of 32 random bytes or more.')
  const secret = prefix + base64url(random)
  return { reveal: new Secret(secret), kept: { digest: await digestOf(secret), issuedAt: at } }
}
