/**
 * Permission presets: the four bundles of the app form, and Custom for everything else.
 *
 * Source: the seed "Registering an OAuth app"; exact values from Civitai's scopes page.
 */
import { type Scope, format, parse } from './scope.ts'

export type PresetName = 'Read Only' | 'Creator' | 'AI Services' | 'Full Access'

export interface Preset {
  readonly name: PresetName
  readonly scopes: readonly Scope[]
  /** What the form says below the drop-down. */
  readonly goodFor: string
}

const preset = (name: PresetName, bits: number, goodFor: string): Preset => ({
  name,
  scopes: parse(bits) as Scope[],
  goodFor,
})

/** In the form's order. */
export const presets: readonly Preset[] = [
  preset('Read Only', 10701093, 'Browsers and dashboards: anything that neither writes nor spends buzz.'),
  preset('Creator', 11492205, 'Apps that upload models, media or articles for the person.'),
  preset(
    'AI Services',
    114689,
    'Apps that generate, train or scan: AIServicesRead, AIServicesWrite, BuzzRead, and UserRead to know who it is.',
  ),
  preset('Full Access', 33554431, 'Power tools. Avoid it for anything you distribute: people will refuse.'),
]

export const scopesOf = (name: PresetName): readonly Scope[] =>
  (presets.find((one) => one.name === name) as Preset).scopes

/** The preset these scopes are, or `Custom`. */
export const presetOf = (scopes: Iterable<Scope>): PresetName | 'Custom' => {
  const wire = format(scopes)
  return presets.find((one) => format(one.scopes) === wire)?.name ?? 'Custom'
}
