import { describe, expect, it } from 'vitest'
import { civitai } from '../src/dialects/civitai.ts'
import { quaily } from '../src/dialects/quaily.ts'
import { missingScopes, requireScopes } from '../src/require-scopes.ts'

describe('permissions asked for at the door', () => {
  it('let those in who have them', () => {
    expect(requireScopes(civitai.scopes, ['UserRead', 'BuzzRead'], 'BuzzRead')).toBeUndefined()
    expect(requireScopes(civitai.scopes, [])).toBeUndefined()
  })

  it('name every one that is missing', () => {
    expect(() => requireScopes(civitai.scopes, ['UserRead'], 'BuzzRead', 'UserRead', 'VaultRead')).toThrow(
      expect.objectContaining({ _tag: 'ScopesMissing', detail: { missing: ['BuzzRead', 'VaultRead'] } }),
    )
  })

  it('count what is implied', () => {
    expect(missingScopes(quaily.scopes, ['credit.full'], ['credit.read', 'user.full'])).toEqual(['user.full'])
  })
})
