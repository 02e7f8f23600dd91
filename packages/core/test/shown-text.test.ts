import { describe, expect, it } from 'vitest'
import { shownText } from '../src/shown-text.ts'

describe('names among our words', () => {
  it('U6 lose what turns text around, also when it is left unfinished', () => {
    expect(shownText('\u202eoidaR\u2066')).toBe('oidaR')
    expect(shownText('\u2069\u202aA\u202bB\u202cC\u202dD\u2067E\u2068')).toBe('ABCDE')
  })

  it('U6 stay on one line and in one paragraph', () => {
    expect(shownText('Civitai\u2029\u2028\n\tOfficial\u0000')).toBe('Civitai Official ')
  })

  it('keep every letter, emoji and mark', () => {
    for (const name of ['مرحبا', 'שלום\u200f!', 'Café', '🏳️‍🌈', 'ไทย', '<b>&amp;']) expect(shownText(name)).toBe(name)
  })
})
