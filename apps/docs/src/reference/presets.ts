/** The presets page, from core's tables. */
import { columns, rows } from '@civitai-oauth/core/permission-grid'
import { presets } from '@civitai-oauth/core/preset'
import * as Scope from '@civitai-oauth/core/scope'
import { table } from './table.ts'

export const presetReference = (): string =>
  [
    '# Presets and the permissions grid',
    'A preset ticks boxes for you. Changing a box afterwards makes it **Custom**. Only Full Access ever ticks Delete.',
    table(
      ['Preset', 'Good for', 'Value'],
      presets.map((preset) => [preset.name, preset.goodFor, `\`${Scope.format(preset.scopes)}\``]),
    ),
    '## The grid',
    'A dash: there is no such permission.',
    table(
      ['Resource', ...columns],
      rows.map((row) => [row.resource, ...row.cells.map((cell) => (cell === null ? '—' : `\`${cell}\``))]),
    ),
  ].join('\n\n')
