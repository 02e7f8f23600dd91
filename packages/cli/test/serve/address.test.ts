import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addressFrom } from '../../src/serve/address.ts'

const asked = (headers: Record<string, string | string[]>): IncomingMessage => ({ headers }) as IncomingMessage

describe('H1 the address of a caller', () => {
  it('is in no header unless one was named', () => {
    expect(addressFrom(undefined)(asked({ 'x-forwarded-for': '1.2.3.4', 'x-real-ip': '1.2.3.4' }))).toBeUndefined()
  })

  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['2001:db8::1', '2001:db8::1'],
    ['6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['1.2.3.4, nonsense', undefined],
    ['', undefined],
    ['localhost', undefined],
  ])('is what our own proxy wrote last: "%s"', (value, address) => {
    expect(addressFrom('x-forwarded-for')(asked({ 'x-forwarded-for': value }))).toBe(address)
  })
})
