import { Scope, quaily } from '@civitai-oauth/core'
import { describe, expect, it } from 'vitest'
import { groups } from '../../src/lib/permission-words.ts'

describe('permissions in words', () => {
  it('names every scope exactly once, in the grid’s order', () => {
    const all = groups('civitai', Scope.names)
    expect(all.flatMap(({ permissions }) => permissions.map(({ scope }) => scope)).toSorted()).toEqual(
      [...Scope.names].toSorted(),
    )
    expect(all[0]?.resource).toBe('Profile & Settings')
  })

  it('marks what spends and what deletes', () => {
    const marked = groups('civitai', Scope.names).flatMap(({ permissions }) => permissions)
    const scopes = (mark: string) => marked.filter((one) => one.mark === mark).map(({ scope }) => scope)
    expect(scopes('spends')).toEqual(['BountiesWrite', 'AIServicesWrite'])
    expect(scopes('deletes')).toEqual(['ModelsDelete', 'MediaDelete', 'ArticlesDelete', 'BountiesDelete'])
  })

  it('shows a permission without a name as it is, rather than hiding it', () => {
    expect(groups('civitai', ['Bit40'])).toEqual([
      { resource: 'Other', permissions: [{ scope: 'Bit40', label: 'Bit40', mark: null, added: false }] },
    ])
  })

  it('marks what is new', () => {
    const [profile, buzz] = groups('civitai', ['UserRead', 'BuzzRead'], ['BuzzRead'])
    expect(profile?.permissions[0]?.added).toBe(false)
    expect(buzz?.permissions[0]?.added).toBe(true)
  })

  it('speaks Quaily too', () => {
    const words = groups('quaily', quaily.scopes.names)
    expect(words.map(({ resource }) => resource)).toEqual(['Profile', 'Posts', 'Credit', 'API keys'])
    expect(words[2]?.permissions.map(({ mark }) => mark)).toEqual([null, 'spends'])
  })
})
