import { describe, expectTypeOf, it } from 'vitest'
import { quaily } from '../src/dialects/quaily.ts'
import * as Scope from '../src/scope.ts'

const spend = (scopes: Scope.Granted<'AIServicesWrite'>) => scopes

describe('scope names', () => {
  it('are completed, and a wrong one does not compile', () => {
    Scope.format(['UserRead', 'BuzzRead', 'LinkConnect', 'Bit28'])
    // @ts-expect-error no such scope
    Scope.format(['UserReads'])
    // @ts-expect-error case counts
    Scope.union(['userread'], [])
    // @ts-expect-error a bit is a number
    Scope.contains([], ['BitFour'])
    // @ts-expect-error magic numbers are for the wire only
    Scope.format([114689])
    expectTypeOf<'UserRead'>().toExtend<Scope.ScopeName>()
    expectTypeOf<'LinkConnect'>().not.toExtend<Scope.ScopeName>()
  })

  it('belong to their dialect', () => {
    quaily.scopes.format(['credit.read'])
    // @ts-expect-error Civitai's words are not Quaily's
    quaily.scopes.format(['UserRead'])
  })
})

describe('what was granted', () => {
  const scopes: readonly Scope.Scope[] = ['UserRead', 'AIServicesWrite']

  it('must be known before it is used', () => {
    // @ts-expect-error nobody has looked whether this set holds it
    spend(scopes)
    if (Scope.holds(scopes, 'AIServicesWrite')) spend(scopes)
    if (Scope.holds(scopes, 'AIServicesWrite', 'BuzzRead')) spend(scopes)
    if (Scope.holds(scopes, 'BuzzRead')) {
      // @ts-expect-error another permission was looked for
      spend(scopes)
      if (Scope.holds(scopes, 'AIServicesWrite'))
        expectTypeOf(scopes).toExtend<Scope.Granted<'AIServicesWrite' | 'BuzzRead'>>()
    }
    // @ts-expect-error a wrong name is refused here too
    Scope.holds(scopes, 'AIServiceWrite')
  })
})
