/** For frameworks that evaluate an app's modules while they build it, where secrets have no place: Next is one. */
import { type CivitaiAuth, createCivitaiAuth } from './auth.ts'
import type { DialectName, Options, ScopeOf } from './options.ts'

/**
 * `createCivitaiAuth`, whose options and environment are read when it is first used. What is missing or wrong is thrown
 * then, as one `OptionsInvalid`.
 */
export const lazyCivitaiAuth = <D extends DialectName = 'civitai'>(
  options: Options<D> = {},
): CivitaiAuth<ScopeOf[D]> => {
  let made: CivitaiAuth<ScopeOf[D]> | undefined
  return new Proxy({} as CivitaiAuth<ScopeOf[D]>, {
    get: (_, name) => Reflect.get((made ??= createCivitaiAuth(options)), name) as unknown,
  })
}
