/** Proof Key for Code Exchange, RFC 7636. */

/** 43 to 128 unreserved characters, RFC 7636 section 4.1. */
export type Verifier = string & { readonly Verifier: unique symbol }

export type Method = 'S256' | 'plain'

export const parseVerifier = (value: string): Verifier | undefined =>
  /^[A-Za-z0-9\-._~]{43,128}$/.test(value) ? (value as Verifier) : undefined

/** An S256 challenge is the base64url form of 32 bytes: always 43 characters, the last of which has two spare bits. */
export const isS256Challenge = (value: string): boolean => /^[A-Za-z0-9\-_]{42}[AEIMQUYcgkosw048]$/.test(value)

/** Whether a challenge has the form its method gives it. */
export const isChallenge = (value: string, method: Method): boolean =>
  method === 'S256' ? isS256Challenge(value) : parseVerifier(value) !== undefined

/** Without padding, RFC 4648 section 5. */
export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** A verifier from 32 random bytes, as RFC 7636 section 4.1 advises. Fewer would be too short to be a verifier. */
export const verifierOf = (random: Uint8Array): Verifier => {
  const verifier = parseVerifier(base64url(random))
  if (verifier === undefined) throw new RangeError('A PKCE verifier is made of 32 to 96 random bytes.')
  return verifier
}

/** BASE64URL(SHA256(verifier)), RFC 7636 section 4.2. */
export const s256 = async (verifier: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))

/** What goes to the authorize endpoint for this verifier. */
export const challengeOf = async (verifier: Verifier, method: Method): Promise<string> =>
  method === 'S256' ? s256(verifier) : verifier

/** Takes as long for the first wrong character as for the last. */
const sameText = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}

/** True when the verifier is the one the challenge was made of. A verifier of the wrong form never is. */
export const proves = async (verifier: string, challenge: string, method: Method): Promise<boolean> => {
  const parsed = parseVerifier(verifier)
  return parsed !== undefined && sameText(await challengeOf(parsed, method), challenge)
}
