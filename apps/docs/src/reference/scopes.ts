/** The scopes page, from the tables that client and provider run on. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import * as Scope from '@civitai-oauth/core/scope'
import { labelOf } from '@civitai-oauth/core/scope-label'
import { table } from './table.ts'

const note = (scope: Scope.ScopeName): string => {
  if (scope === Scope.baseline) return 'In every token, asked for or not.'
  if (Scope.reserved.includes(scope)) return 'Reserved: granting it does nothing yet.'
  if (Scope.underBuzzLimit.includes(scope)) return 'Spends buzz; a buzz limit covers it.'
  if (Scope.spendsBuzz.includes(scope)) return 'Spends buzz.'
  return ''
}

export const scopeReference = (): string =>
  [
    '# Scopes',
    'You write names; the number is only what travels. The editor completes them, and a wrong name does not compile.',
    '## Civitai',
    `On the wire: one decimal bitmask. All of them together are \`${Scope.format(Scope.names)}\`.`,
    table(
      ['Scope', 'Lets an app', 'Bit', 'Value', ''],
      Scope.names.map((name) => [
        `\`${name}\``,
        labelOf(name),
        String(Scope.bitOf(name)),
        Scope.format([name]),
        note(name),
      ]),
    ),
    `Observed on the real service, opt-in and outside Full Access: ${Scope.observedNames
      .map((name) => `\`${name}\` (bit ${Scope.bitOf(name)})`)
      .join(', ')}. A bit that nobody has named yet is kept, as \`Bit28\` for instance.`,
    '## Quaily',
    'On the wire: words, separated by spaces.',
    table(
      ['Scope', 'Lets an app', ''],
      quaily.scopes.names.map((name) => [
        `\`${name}\``,
        quaily.scopes.label(name),
        quaily.scopes.trustedOnly.includes(name) ? 'Trusted apps only.' : '',
      ]),
    ),
    `Tokens live ${civitai.lifetimes.access / 3600} hour on Civitai and ${quaily.lifetimes.access / 86_400} days on Quaily.`,
  ].join('\n\n')
