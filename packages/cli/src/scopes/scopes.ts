/** `civitai-oauth scopes`: names to the number on the wire and back, so that nobody types the numbers. */
import * as Preset from '@civitai-oauth/core/preset'
import * as Scope from '@civitai-oauth/core/scope'
import { labelOf } from '@civitai-oauth/core/scope-label'
import { Failure } from '../failure.ts'
import { parseWithWords } from '../options.ts'

const lineOf = (scope: Scope.Scope): string => `  ${scope.padEnd(22)}${labelOf(scope)}`

const everything = (): string => {
  const presets = Preset.presets.map(({ name, scopes }) => `  ${name.padEnd(22)}${Scope.format(scopes)}`)
  return ['Scopes', ...Scope.names.map(lineOf), '', 'Presets', ...presets].join('\n')
}

const described = (scopes: readonly Scope.Scope[]): string => {
  const preset = Preset.presetOf(scopes)
  const spends = scopes.filter((scope) => (Scope.spendsBuzz as readonly string[]).includes(scope))
  return [
    `${Scope.format(scopes)}${preset === 'Custom' ? '' : ` (the preset ${preset})`}`,
    ...scopes.map(lineOf),
    ...(spends.length === 0 ? [] : [`  Lets an app spend buzz: ${spends.join(', ')}.`]),
    ...(scopes.includes(Scope.baseline) ? [] : [`  Every token holds ${Scope.baseline} as well, asked for or not.`]),
  ].join('\n')
}

const presetNamed = (text: string): readonly Scope.Scope[] | undefined =>
  Preset.presets.find(({ name }) => name.toLowerCase() === text.toLowerCase())?.scopes

/** What the words mean: nothing for the whole list, a number, a preset's name, or scope names. */
export const explain = (words: readonly string[]): string => {
  const text = words.join(' ').trim()
  if (text === '') return everything()
  const scopes = presetNamed(text) ?? Scope.parse(text) ?? Scope.parseNames(text)
  if (scopes !== undefined) return described(scopes)
  const unknown = text.split(/[\s,]+/).find((word) => !Scope.isScope(word)) ?? text
  throw new Failure(`"${unknown}" is no scope: run "civitai-oauth scopes" for the list.`)
}

export const scopes = async (args: readonly string[]): Promise<void> => {
  console.log(explain(parseWithWords('scopes', {}, args).words))
}
