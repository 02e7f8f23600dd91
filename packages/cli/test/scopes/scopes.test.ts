import { describe, expect, it } from 'vitest'
import { explain } from '../../src/scopes/scopes.ts'

describe('civitai-oauth scopes', () => {
  it('lists every scope in words, and the presets', () => {
    const text = explain([])
    expect(text).toContain('  BuzzRead              View buzz balance & history')
    expect(text).toContain('  AI Services           114689')
    expect(text.split('\n')).toHaveLength(25 + 4 + 3)
  })

  it.each([
    [['114689'], '114689 (the preset AI Services)'],
    [['ai', 'services'], '114689 (the preset AI Services)'],
    [['UserRead', 'BuzzRead'], '65537'],
    [['UserRead,BuzzRead'], '65537'],
  ])('says what %j is', (words, first) => {
    expect(explain(words).split('\n')[0]).toBe(first)
  })

  it('shows the trap of the quickstart: 98305 lacks AIServicesRead', () => {
    expect(explain(['98305'])).not.toContain('AIServicesRead')
    expect(explain(['98305'])).toContain('Lets an app spend buzz: AIServicesWrite.')
  })

  it('keeps bits that nobody has named', () => {
    expect(explain(['268435457'])).toContain('Bit28')
  })

  it('says what is no scope', () => {
    expect(() => explain(['UserRead', 'BuzRead'])).toThrow('"BuzRead" is no scope')
    expect(() => explain(['-1'])).toThrow('"-1" is no scope')
  })
})
