import { describe, expect, it } from 'vitest'
import { type Call, answerWithinMs, leaveAloneMs, mayAskAgain } from '../src/retry.ts'

describe('what may be asked of a server twice', () => {
  it.each<[Call, boolean]>([
    ['exchange', false],
    ['refresh', true],
    ['revoke', true],
    ['userinfo', true],
    ['owner', true],
  ])('F3 %s, when its answer was lost: %s', (call, again) => {
    expect(mayAskAgain(call, { lost: true })).toBe(again)
    expect(mayAskAgain(call, { lost: false })).toBe(false)
  })

  it('waits ten seconds for an answer, and leaves a server alone for five', () => {
    expect([answerWithinMs, leaveAloneMs]).toEqual([10_000, 5_000])
  })
})
