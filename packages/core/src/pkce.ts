/** Proof Key for Code Exchange, RFC 7636. */

/** 43 to 128 unreserved characters, RFC 7636 section 4.1. */
export type Verifier = string & { readonly Verifier: unique symbol }

export const parseVerifier = (value: string): Verifier | undefined =>
  /^[A-Za-z0-9\-._~]{43,128}$/.test(value) ? (value as Verifier) : undefined

/** An S256 challenge is the base64url form of 32 bytes: always 43 characters. */
export const isS256Challenge = (value: string): boolean => /^[A-Za-z0-9\-_]{42}[AEIMQUYcgkosw048]$/.test(value)

export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** A verifier from 32 random bytes. */
export const verifierOf = (random: Uint8Array): Verifier => base64url(random) as Verifier

/** BASE64URL(SHA256(verifier)), RFC 7636 section 4.2. */
export const s256 = async (verifier: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
