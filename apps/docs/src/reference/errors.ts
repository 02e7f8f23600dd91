/** The errors page, from core's table. A heading's id is the error's code: `AuthError` links there. */
import { errorTable } from '@civitai-oauth/core/error-table'
import { type ErrorTag, codeOf } from '@civitai-oauth/core/errors'

const sides = { client: 'Your app', provider: 'The authorization server', both: 'Either side' } as const

export const errorReference = (): string =>
  [
    '# Errors',
    'Every error has a tag and a code. Tell them apart by `_tag`, never by `instanceof`. The first sentence is what a person reads; the rest is for whoever mends it.',
    ...Object.entries(errorTable).flatMap(([tag, row]) => [
      `## \`${codeOf(tag as ErrorTag)}\``,
      `> ${row.sentence}`,
      `**Cause.** ${row.cause}`,
      `**What to do.** ${row.fix}`,
      `\`${tag}\` · raised by: ${sides[row.raisedBy].toLowerCase()}.`,
    ]),
  ].join('\n\n')
