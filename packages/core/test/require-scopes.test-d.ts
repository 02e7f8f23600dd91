import { describe, it } from 'vitest'
import { civitai } from '../src/dialects/civitai.ts'
import { type QuailyScope, quaily } from '../src/dialects/quaily.ts'
import { requireScopes } from '../src/require-scopes.ts'
import type { Granted, Holds, Scope } from '../src/scope.ts'

declare const granted: readonly Scope[]
declare const words: readonly QuailyScope[]
const spend = (scopes: Granted<'AIServicesWrite'>) => scopes
const consume = (scopes: readonly QuailyScope[] & Holds<'credit.full'>) => scopes

describe('requireScopes', () => {
  it('narrows', () => {
    requireScopes(civitai.scopes, granted, 'AIServicesWrite', 'BuzzRead')
    spend(granted)
    requireScopes(quaily.scopes, words, 'credit.full')
    consume(words)
  })

  it('narrows to what was asked for, and no further', () => {
    const other: readonly Scope[] = granted
    requireScopes(civitai.scopes, other, 'BuzzRead')
    // @ts-expect-error nobody asked for the permission to spend
    spend(other)
  })

  it('knows the names of its dialect', () => {
    // @ts-expect-error no such scope
    requireScopes(civitai.scopes, granted, 'AIServiceWrite')
    // @ts-expect-error another dialect's scope
    requireScopes(quaily.scopes, words, 'BuzzRead')
  })
})
