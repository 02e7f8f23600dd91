import { describe, expect, it } from 'vitest'
import { type VitestReport, countsOf } from '../src/vitest-report.ts'

const report = (part: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...part,
})

describe('the count of tests', () => {
  it('is what vitest counted', () => {
    expect(countsOf(report({ numPassedTests: 7 }), 0)).toEqual({ passed: 7, failed: 0 })
    expect(countsOf(report({ numPassedTests: 7, numFailedTests: 2 }), 1)).toEqual({ passed: 7, failed: 2 })
  })

  it('takes a skipped test for a failed one', () => {
    expect(countsOf(report({ numPassedTests: 7, numPendingTests: 1, numTodoTests: 1 }), 0)).toEqual({
      passed: 7,
      failed: 2,
    })
  })

  it('takes a file that could not be loaded for a failed test', () => {
    const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] }
    expect(countsOf(report({ numPassedTests: 7, testResults: [broken] }), 1)).toEqual({ passed: 7, failed: 1 })
  })

  it('does not count a failed test again for its file', () => {
    const file = { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(countsOf(report({ numFailedTests: 1, testResults: [file] }), 1)).toEqual({ passed: 0, failed: 1 })
  })

  it.each([
    ['no report was written', undefined, 0],
    ['no test ran', report({}), 0],
    ['the run ended badly although every test passed', report({}), 1],
  ])('is a failure when %s', (_, given, code) => {
    expect(countsOf(given, code).failed).toBe(1)
  })
})
