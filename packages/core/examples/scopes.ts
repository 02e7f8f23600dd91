// #example
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import * as LeastPrivilege from '@civitai-oauth/core/least-privilege'
import * as Preset from '@civitai-oauth/core/preset'
import * as Scope from '@civitai-oauth/core/scope'

// Names in the editor, one number on the wire.
const wanted = Scope.union(['UserRead', 'BuzzRead'], ['AIServicesWrite'])
const wire = Scope.format(wanted) // '98305'

// Every form that token answers come in; bits nobody has named yet survive.
const granted = Scope.parse(['268533761']) ?? [] // UserRead, AIServicesWrite, BuzzRead, Bit28

const generate = (scopes: Scope.Granted<'AIServicesWrite'>) => `may spend, holding ${scopes.length} permissions`
if (Scope.holds(granted, 'AIServicesWrite')) generate(granted) // does not compile without the check

const preset = Preset.presetOf(['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead']) // 'AI Services'
const { unused } = LeastPrivilege.hint(civitai, granted, ['BuzzRead']) // what the app never needed
// #end

export { granted, preset, unused, wire }
