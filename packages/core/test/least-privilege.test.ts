import { describe, expect, it } from 'vitest'
import { civitai } from '../src/dialects/civitai.ts'
import { quaily } from '../src/dialects/quaily.ts'
import { hint } from '../src/least-privilege.ts'

describe('the least-privilege hint', () => {
  it('names what was granted and never used', () => {
    expect(hint(civitai, ['UserRead', 'VaultRead', 'ModelsDelete', 'BuzzRead'], ['BuzzRead'])).toEqual({
      unused: ['ModelsDelete', 'VaultRead'],
      sentence: 'Never used so far, and so perhaps not needed: Delete models; View vault.',
    })
  })

  it('says nothing when everything was used, or is in every token anyway', () => {
    expect(hint(civitai, ['UserRead', 'BuzzRead'], ['BuzzRead'])).toEqual({ unused: [], sentence: null })
    expect(hint(civitai, ['UserRead'], [])).toEqual({ unused: [], sentence: null })
  })

  it('counts a scope as used when one that implies it was', () => {
    expect(hint(quaily, ['credit.read', 'credit.full', 'post.write'], ['credit.full']).unused).toEqual(['post.write'])
    expect(hint(quaily, ['credit.full'], ['credit.read']).unused).toEqual(['credit.full'])
  })
})
