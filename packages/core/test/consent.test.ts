import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Consent from '../src/consent.ts'
import { civitai } from '../src/dialects/civitai.ts'
import { type QuailyScope, quaily } from '../src/dialects/quaily.ts'
import { type Scope, names } from '../src/scope.ts'
import { always } from './property.ts'

const grant = (scopes: readonly Scope[], remembered = true): Consent.Grant<Scope> => ({
  scopes,
  remembered,
  buzzLimit: null,
})

describe('what an app will get', () => {
  it('is what it asked for, the baseline included, and what is not available is named', () => {
    expect(Consent.diff(civitai, ['VaultRead', 'BuzzRead'], ['UserRead', 'BuzzRead'], [])).toEqual({
      granted: ['UserRead', 'BuzzRead'],
      unavailable: ['VaultRead'],
      added: ['UserRead', 'BuzzRead'],
    })
  })

  it('tells what is new from what was granted before', () => {
    const diff = Consent.diff(civitai, ['BuzzRead', 'VaultRead'], names, ['UserRead', 'BuzzRead', 'ModelsDelete'])
    expect(diff).toMatchObject({ granted: ['UserRead', 'BuzzRead', 'VaultRead'], added: ['VaultRead'] })
  })

  it('counts the baseline as available even if nobody registered it', () => {
    expect(Consent.diff(civitai, ['UserRead'], [], [])).toEqual({
      granted: ['UserRead'],
      unavailable: [],
      added: ['UserRead'],
    })
  })

  it('counts what is implied as available, and as granted before', () => {
    const diff = Consent.diff(quaily, ['credit.read', 'user.public'], ['credit.full', 'user.full'], ['credit.full'])
    expect(diff).toEqual({ granted: ['user.public', 'credit.read'], unavailable: [], added: ['user.public'] })
    expect(Consent.diff(quaily, ['credit.full'], ['credit.read'], [])).toMatchObject({
      granted: [],
      unavailable: ['credit.full'],
    })
  })

  it('is never more than was asked for and allowed, and loses nothing of either', () => {
    const set = fc.subarray<Scope>([...names])
    always([set, set, set], (requested, allowed, before) => {
      const { granted, unavailable, added } = Consent.diff(civitai, requested, allowed, before)
      for (const scope of granted)
        expect(scope === 'UserRead' || (requested.includes(scope) && allowed.includes(scope))).toBe(true)
      expect(civitai.scopes.setOf([...granted, ...unavailable])).toEqual(
        civitai.scopes.setOf(['UserRead', ...requested]),
      )
      expect(granted.filter((scope) => unavailable.includes(scope))).toEqual([])
      expect(added).toEqual(granted.filter((scope) => !before.includes(scope)))
    })
  })

  it('never holds what only trusted apps may ask for', () => {
    const wish: readonly QuailyScope[] = ['credit.full', 'post.write']
    expect(Consent.forbidden(quaily, wish, false)).toEqual(['credit.full'])
    expect(Consent.forbidden(quaily, wish, true)).toEqual([])
    expect(Consent.forbidden(civitai, names, false)).toEqual([])
  })
})

describe('when to ask', () => {
  const ask = (granted: readonly Scope[], before: Consent.Grant<Scope> | null, prompt?: Consent.Prompt) =>
    Consent.question(civitai, granted, before, prompt)

  it('U5 not, where a remembered grant covers all of it', () => {
    expect(ask(['UserRead'], grant(['UserRead', 'BuzzRead']))).toEqual({ _tag: 'Silent' })
    expect(ask(['UserRead'], grant(['UserRead', 'BuzzRead']), 'none')).toEqual({ _tag: 'Silent' })
  })

  it('the first time', () => {
    expect(ask(['UserRead'], null)).toEqual({ _tag: 'Ask', why: 'first-time' })
  })

  it('U4 for more than was granted', () => {
    expect(ask(['UserRead', 'BuzzRead'], grant(['UserRead']))).toEqual({ _tag: 'Ask', why: 'wider' })
  })

  it('U5 where the person did not tick remember', () => {
    expect(ask(['UserRead'], grant(['UserRead'], false))).toEqual({ _tag: 'Ask', why: 'not-remembered' })
  })

  it('where the app wants the page shown', () => {
    expect(ask(['UserRead'], grant(['UserRead']), 'consent')).toEqual({ _tag: 'Ask', why: 'asked-to' })
  })

  it('shows no page where none may be shown', () => {
    expect(ask(['UserRead'], null, 'none')).toEqual({ _tag: 'CannotAsk', why: 'first-time' })
    expect(ask(['BuzzRead'], grant(['UserRead']), 'none')).toEqual({ _tag: 'CannotAsk', why: 'wider' })
    expect(ask(['UserRead'], grant(['UserRead'], false), 'none')).toEqual({ _tag: 'CannotAsk', why: 'not-remembered' })
  })

  it('counts what is implied as granted', () => {
    const before: Consent.Grant<QuailyScope> = { scopes: ['user.full'], remembered: true, buzzLimit: null }
    expect(Consent.question(quaily, ['user.public'], before)).toEqual({ _tag: 'Silent' })
  })

  it('U4 never passes silently for anything wider, whatever is asked', () => {
    const set = fc.subarray<Scope>([...names])
    const prompt = fc.constantFrom<Consent.Prompt | undefined>(undefined, 'none', 'consent')
    always([set, set, fc.boolean(), prompt], (granted, before, remembered, prompt) => {
      const { _tag } = ask(granted, grant(before, remembered), prompt)
      const covered = granted.every((scope) => before.includes(scope))
      expect(_tag === 'Silent').toBe(covered && remembered && prompt !== 'consent')
      if (prompt === 'none') expect(_tag).not.toBe('Ask')
    })
  })
})

describe('what is remembered', () => {
  const limit = [{ type: 'absolute', limit: 5 }] as const

  it('is the decision, where there was none before', () => {
    expect(Consent.decide(civitai, null, { granted: ['UserRead'], remember: true })).toEqual(grant(['UserRead']))
    expect(Consent.decide(civitai, null, { granted: ['UserRead'], remember: false, buzzLimit: limit })).toEqual({
      scopes: ['UserRead'],
      remembered: false,
      buzzLimit: limit,
    })
  })

  it('F8 grows, and does not shrink when less is asked for', () => {
    const after = Consent.decide(civitai, grant(['UserRead', 'VaultRead']), { granted: ['BuzzRead'], remember: true })
    expect(after.scopes).toEqual(['UserRead', 'BuzzRead', 'VaultRead'])
  })

  it('keeps the buzz limit that the page did not offer, and takes the one that it did', () => {
    const before = { ...grant(['UserRead']), buzzLimit: limit }
    const decision = { granted: ['UserRead'], remember: true } as const
    expect(Consent.decide(civitai, before, decision).buzzLimit).toBe(limit)
    expect(Consent.decide(civitai, before, { ...decision, buzzLimit: null }).buzzLimit).toBe(null)
    expect(Consent.decide(civitai, before, { ...decision, buzzLimit: [] }).buzzLimit).toEqual([])
  })
})

describe('the page', () => {
  it('offers a buzz limit where the app could spend under one', () => {
    expect(Consent.offersBuzzLimit(civitai, ['UserRead', 'AIServicesWrite'])).toBe(true)
    expect(Consent.offersBuzzLimit(civitai, ['UserRead', 'BountiesWrite'])).toBe(false)
    expect(Consent.offersBuzzLimit(quaily, ['credit.full'])).toBe(false)
    expect(Consent.offersBuzzLimit({ ...civitai, buzzLimits: false }, ['AIServicesWrite'])).toBe(false)
  })

  const warned = (granted: readonly Scope[], verified: boolean) =>
    Consent.warnings(civitai, granted, { verified }).map(({ _tag, scopes }) => [_tag, ...scopes])

  it('warns of an app nobody verified, of deleting, of spending, and of what does nothing', () => {
    expect(warned(['UserRead', 'MediaDelete', 'BountiesWrite', 'AIServicesWrite', 'SocialTip'], false)).toEqual([
      ['Unverified'],
      ['Deletes', 'MediaDelete'],
      ['Spends', 'BountiesWrite', 'AIServicesWrite'],
      ['SpendsWithoutLimit', 'BountiesWrite'],
      ['Reserved', 'SocialTip'],
    ])
  })

  it('says less for a verified app, and nothing where there is nothing to say', () => {
    expect(warned(['UserRead', 'ModelsDelete'], true)).toEqual([['Deletes', 'ModelsDelete']])
    expect(warned(['UserRead', 'AIServicesWrite'], true)).toEqual([['Spends', 'AIServicesWrite']])
    expect(warned(['UserRead'], true)).toEqual([])
  })

  it('does not speak of buzz limits where the dialect has none', () => {
    const tags = Consent.warnings(quaily, ['credit.full'], { verified: true }).map(({ _tag }) => _tag)
    expect(tags).toEqual(['Spends'])
  })

  it('says each warning in a sentence of its own', () => {
    const [unverified] = Consent.warnings(civitai, [], { verified: false })
    expect(unverified?.scopes).toEqual([])
    expect(unverified?.sentence).toBe('Nobody has verified this app. Authorize it only if you trust whoever made it.')
    const sentences = Object.values(Consent.warningSentences)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })
})
