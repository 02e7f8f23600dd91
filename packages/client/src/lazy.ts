/** For frameworks that evaluate an app's modules while they build it, where secrets have no place: Next is one. */
import { type CivitaiAuth, createCivitaiAuth } from './auth.ts'
import type { DialectChoice, Options, ScopesOf } from './options.ts'

/**
 * `createCivitaiAuth`, whose options and environment are read when it is first used. What is missing or wrong is thrown
 * then, as one `OptionsInvalid`.
 */
export const lazyCivitaiAuth = <D extends DialectChoice = 'civitai'>(
  options: Options<D> = {},
): CivitaiAuth<ScopesOf<D>> => {
  let made: CivitaiAuth<ScopesOf<D>> | undefined
  return new Proxy({} as CivitaiAuth<ScopesOf<D>>, {
    get: (_, name) => Reflect.get((made ??= createCivitaiAuth(options)), name) as unknown,
  })
}
