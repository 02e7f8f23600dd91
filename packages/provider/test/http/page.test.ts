import { describe, expect, it } from 'vitest'
import { codePage, errorPage, page } from '../../src/http/page.ts'

describe('the pages this server draws itself', () => {
  it('U6 show what somebody else wrote as text, and it turns none of our words around', () => {
    const hostile = '\u2066<b>Radio</b>\u202e'
    for (const { body } of [page(hostile, [hostile]), errorPage({ _tag: 'ParameterMalformed', because: hostile })]) {
      expect(body).toContain('&lt;b&gt;Radio&lt;/b&gt;')
      expect(body).not.toMatch(/[\u2066\u202e]|<b>/)
    }
  })

  it('keep a value that is copied whole, whatever it holds', () => {
    expect(codePage('a-code', '\u2066<state>').body).toContain('<code>\u2066&lt;state&gt;</code>')
  })
})
