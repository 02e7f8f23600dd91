import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Services } from '../services.ts'
import type { NewCode } from '../storage/consents.ts'
import { digest } from '../token.ts'

/** A code as it is kept: by its hash, with all that must be the same when it is redeemed. */
export const newCode = (
  { clock, profiles }: Services,
  dialect: Dialect,
  code: string,
  request: Omit<NewCode, 'hash' | 'expiresAt'>,
): NewCode => {
  const seconds = profiles.has('code-5-minutes') ? 300 : dialect.lifetimes.code
  return { ...request, hash: digest(code), expiresAt: clock.now() + seconds * 1000 }
}
