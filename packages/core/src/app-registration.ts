/**
 * Registering an OAuth app: the fields of the form and their rules.
 *
 * Source: the seed "Registering an OAuth app".
 */
import type { Dialect } from './dialect.ts'
import * as RedirectUri from './redirect-uri.ts'

/** Fixed at creation. Confidential apps get a secret; public ones rely on PKCE alone. */
export type ClientType = 'confidential' | 'public'

export type Field = 'name' | 'description' | 'redirectUris' | 'scopes' | 'type' | 'dialect'

/** What is wrong with one field. For redirect URIs, `line` is the offending line. */
export interface Problem {
  readonly field: Field
  readonly message: string
  readonly line?: string
}

export interface Draft {
  readonly name: string
  readonly description: string
  /** One URI a line, as typed. */
  readonly redirectUris: string
  readonly scopes: readonly string[]
  readonly type: ClientType
}

export interface Registration {
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly RedirectUri.RedirectUri[]
  readonly scopes: readonly string[]
  readonly type: ClientType
}

export type Checked =
  | { readonly _tag: 'Valid'; readonly registration: Registration }
  | { readonly _tag: 'Invalid'; readonly problems: readonly Problem[] }

export const nameLimit = 128
export const descriptionLimit = 500

/** Applies every rule of the form and lists every problem at once. */
export const check = (draft: Draft, dialect: Dialect): Checked => {
  const problems: Problem[] = []
  const name = draft.name.trim()
  const description = draft.description.trim()
  // Counted as people count: by character, not by UTF-16 unit.
  if (name === '') problems.push({ field: 'name', message: 'Give the app a name people will recognise.' })
  else if ([...name].length > nameLimit)
    problems.push({ field: 'name', message: `Keep the name to ${nameLimit} characters.` })
  if ([...description].length > descriptionLimit)
    problems.push({ field: 'description', message: `Keep the description to ${descriptionLimit} characters.` })

  const uris: RedirectUri.RedirectUri[] = []
  for (const parsed of RedirectUri.parseLines(draft.redirectUris)) {
    if (parsed._tag === 'RedirectUri') uris.push(parsed.uri)
    else problems.push({ field: 'redirectUris', message: parsed.reason, line: parsed.line })
  }
  if (dialect.redirectUris === 'one' && uris.length > 1)
    problems.push({ field: 'redirectUris', message: 'This kind of app has exactly one redirect URI.' })

  const unknown = draft.scopes.filter((scope) => !dialect.scopes.isKnown(scope))
  if (unknown.length > 0) problems.push({ field: 'scopes', message: `Unknown permission: ${unknown.join(', ')}.` })
  if (draft.type !== 'confidential' && draft.type !== 'public')
    problems.push({ field: 'type', message: 'Choose confidential or public.' })

  if (problems.length > 0) return { _tag: 'Invalid', problems }
  const scopes = dialect.scopes.setOf([...dialect.scopes.baseline, ...draft.scopes])
  return { _tag: 'Valid', registration: { name, description, redirectUris: uris, scopes, type: draft.type } }
}
