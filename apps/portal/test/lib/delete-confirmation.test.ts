import { describe, expect, it } from 'vitest'
import { confirms } from '../../src/lib/delete-confirmation.ts'

const app = { name: 'Café Radio', clientId: 'civ_1' }

describe('typing the name to delete an app', () => {
  it('takes the name, spaces around it and either way of writing an accent included', () => {
    expect(confirms('Café Radio', app)).toBe(true)
    expect(confirms('  Cafe\u0301 Radio ', app)).toBe(true)
  })

  it('takes the client ID, for names that no keyboard can type', () => {
    expect(confirms('civ_1', { name: '\u202eoidaR', clientId: 'civ_1' })).toBe(true)
  })

  it('takes nothing else', () => {
    for (const typed of ['', 'café radio', 'Café', 'Café Radio!', 'CIV_1']) expect(confirms(typed, app)).toBe(false)
  })
})
