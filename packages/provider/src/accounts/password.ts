/** Passwords: scrypt, which costs memory to guess. The parameters stand in the kept text, so they can be raised. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MiB, three times: one of OWASP's equivalent choices. */
const cost = { N: 2 ** 15, r: 8, p: 3 }

const derive = (password: string, salt: Uint8Array, { N, r, p }: typeof cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const maxmem = 128 * N * r * 2
    scrypt(password.normalize('NFKC'), salt, 32, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** A hash nobody's password has: verifying against it takes as long as against a real one. */
const decoy = ['scrypt', cost.N, cost.r, cost.p, 'AAAAAAAAAAAAAAAAAAAAAA', Buffer.alloc(32).toString('base64url')].join(
  '$',
)

/** False for a wrong password and, just as slowly, where there is none to compare with. */
export const verifyPassword = async (password: string, kept: string | null): Promise<boolean> => {
  const [, N, r, p, salt = '', key = ''] = (kept ?? decoy).split('$')
  const parameters = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), parameters)
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && kept !== null
}
