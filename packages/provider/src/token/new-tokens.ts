import type { Dialect } from '@civitai-oauth/core/dialect'
import type { NewTokens } from '../storage/tokens.ts'
import { digest, type TokenPair } from '../token.ts'

/** A pair as it is kept: by its hashes, each with its end. */
export const newTokens = ({ lifetimes }: Dialect, pair: TokenPair, now: number): NewTokens => ({
  accessHash: digest(pair.access),
  refreshHash: digest(pair.refresh),
  accessExpiresAt: now + lifetimes.access * 1000,
  refreshExpiresAt: now + lifetimes.refresh * 1000,
})

/** However often it is refreshed, a sign-in ends after a year. */
export const familyLifetime = 365 * 86_400_000
