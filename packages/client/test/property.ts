/** Properties: a few hundred runs each day, ten thousand when everything is verified. A failure prints its seed. */
import * as fc from 'fast-check'

export const runs = process.env['VERIFY'] === '1' ? 10_000 : 300
/** Ten thousand runs take a while on a busy machine. */
export const patience = 60_000

/** Fails with the seed, the path and the smallest counter-example. */
export const always = <T>(values: fc.Arbitrary<T>, claim: (value: T) => boolean): void =>
  fc.assert(fc.property(values, claim), { numRuns: runs })

/** The same for a claim that needs to wait. */
export const alwaysAsync = <T>(values: fc.Arbitrary<T>, claim: (value: T) => Promise<boolean>): Promise<void> =>
  fc.assert(fc.asyncProperty(values, claim), { numRuns: runs })
