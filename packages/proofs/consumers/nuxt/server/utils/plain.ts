/** What a server uses of the module, for compilers that cannot read components, too. */
import type { H3Event } from 'h3'

export const nameOf = (event: H3Event): string => {
  const { civitai } = event.context
  // @ts-expect-error there is no such permission
  civitai?.requireScopes('NoSuchScope')
  // @ts-expect-error there is no such permission
  requireCivitaiUser(event, 'NoSuchScope')
  return requireCivitaiUser(event, 'BuzzRead').user.username
}
