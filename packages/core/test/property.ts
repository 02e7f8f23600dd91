/** Properties: 1,000 runs each day, 10,000 when everything is verified, few under mutation. A failure prints its seed. */
import * as fc from 'fast-check'

const runs = process.env['VERIFY'] === '1' ? 10_000 : process.env['MUTATION'] !== undefined ? 60 : 1_000

/** Fails with the seed, the path and the smallest counter-example. */
export const always = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  claim: (...values: T) => boolean | void,
): void => fc.assert(fc.property(...arbitraries, claim), { numRuns: runs })

/** The same for a claim that needs to wait. */
export const alwaysAsync = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  claim: (...values: T) => Promise<boolean | void>,
): Promise<void> => fc.assert(fc.asyncProperty(...arbitraries, claim), { numRuns: runs })
