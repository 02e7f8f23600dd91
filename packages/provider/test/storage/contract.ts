/**
 * What every storage must do, whatever engine is below it. The engines' own test files run this; an engine passes it
 * whole or is not one. A check is a sentence and what proves it, over a storage with two people and an app in it.
 */
import { describe, it } from 'vitest'
import { apiKeys } from './api-keys.ts'
import { apps } from './apps.ts'
import { audit } from './audit.ts'
import { codes } from './codes.ts'
import { consents } from './consents.ts'
import { devices } from './devices.ts'
import { type Given, givenOf, type Opened } from './given.ts'
import { people } from './people.ts'
import { posts } from './posts.ts'
import { tokens } from './tokens.ts'
import { upkeep } from './upkeep.ts'
import { verification } from './verification.ts'
import { wallet } from './wallet.ts'

export type Check = (given: Given) => Promise<void>

export type Contract = (it: (sentence: string, check: Check) => void) => void

export const contracts = {
  people,
  apps,
  consents,
  codes,
  tokens,
  devices,
  wallet,
  apiKeys,
  posts,
  verification,
  audit,
  upkeep,
} satisfies Record<string, Contract>

/** One check, over a storage of its own. */
export const proved = async (check: Check, open: () => Promise<Opened>): Promise<void> => {
  const opened = await open()
  try {
    await check(await givenOf(opened))
  } finally {
    await opened.close()
  }
}

export const storageContract = (engine: string, open: () => Promise<Opened>): void => {
  describe(`storage on ${engine}`, () => {
    for (const [name, contract] of Object.entries(contracts))
      describe(name, () => contract((sentence, check) => it(sentence, () => proved(check, open))))
  })
}
