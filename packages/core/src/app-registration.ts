/**
 * Registering an OAuth app: the fields of the form and their rules. What happens to an app afterwards is
 * `app-lifecycle.ts`.
 *
 * Source: the seed "Registering an OAuth app".
 */
import { type ClientType, clientTypes } from './client-type.ts'
import { forbidden } from './consent.ts'
import type { Dialect } from './dialect.ts'
import * as RedirectUri from './redirect-uri.ts'

export type { ClientType } from './client-type.ts'

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

/** What the rules depend on besides the form. A new app is not trusted, and no quirk is on unless a profile says so. */
export interface Circumstances {
  /** Staff set the trust flag on this app. */
  readonly trusted?: boolean
  readonly quirks?: RedirectUri.Quirks
}

// Counted as people count: by character, not by UTF-16 unit.
const length = (text: string): number => [...text].length

/** True when there is something to see: a name of joiners, fillers and spaces alone would leave a blank on the consent page. */
const isVisible = (text: string): boolean => /[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\u2800]/u.test(text)

/** Applies every rule of the form and lists every problem at once. */
export const check = (draft: Draft, dialect: Dialect, { trusted = false, quirks }: Circumstances = {}): Checked => {
  const problems: Problem[] = []
  const problem = (field: Field, message: string, line?: string) =>
    void problems.push(line === undefined ? { field, message } : { field, message, line })

  const name = draft.name.trim()
  const description = draft.description.trim()
  if (!isVisible(name)) problem('name', 'Give the app a name people will recognise.')
  if (/\p{Cc}/u.test(name)) problem('name', 'Keep the name on one line, without control characters.')
  if (length(name) > nameLimit) problem('name', `Keep the name to ${nameLimit} characters.`)
  if (length(description) > descriptionLimit)
    problem('description', `Keep the description to ${descriptionLimit} characters.`)
  // No database text holds a NUL; line breaks and tabs are what a person may type.
  if (/(?![\t\n\r])\p{Cc}/u.test(description)) problem('description', 'Remove the control characters.')

  const redirectUris: RedirectUri.RedirectUri[] = []
  for (const parsed of RedirectUri.parseLines(draft.redirectUris, quirks)) {
    if (parsed._tag === 'RedirectUri') redirectUris.push(parsed.uri)
    else problem('redirectUris', parsed.reason, parsed.line)
  }
  if (dialect.redirectUris === 'one' && redirectUris.length > 1)
    problem('redirectUris', 'This kind of app has exactly one redirect URI.')

  const unknown = draft.scopes.filter((scope) => !dialect.scopes.isKnown(scope))
  if (unknown.length > 0) problem('scopes', `Unknown permission: ${unknown.join(', ')}.`)
  const untrusted = forbidden(dialect, draft.scopes, trusted)
  if (untrusted.length > 0) problem('scopes', `Only trusted apps may ask for ${untrusted.join(', ')}.`)
  if (!Object.hasOwn(clientTypes, draft.type)) problem('type', 'Choose confidential or public.')

  if (problems.length > 0) return { _tag: 'Invalid', problems }
  const scopes = dialect.scopes.setOf([...dialect.scopes.baseline, ...draft.scopes])
  return { _tag: 'Valid', registration: { name, description, redirectUris, scopes, type: draft.type } }
}
