/** What the app form holds, as typed: sent back unchanged when something is wrong with it. */
import { type DialectName, Preset, RedirectUri, Scope } from '@civitai-oauth/core'

export interface AppFormValues {
  readonly name: string
  readonly description: string
  readonly redirectUris: string
  readonly scopes: readonly string[]
  readonly type: 'confidential' | 'public'
  readonly dialect: DialectName
}

const empty = { name: '', description: '', redirectUris: '' }

/** A new app starts from the least: the profile only. */
export const blank: Readonly<Record<DialectName, AppFormValues>> = {
  civitai: { ...empty, scopes: [Scope.baseline], type: 'confidential', dialect: 'civitai' },
  quaily: { ...empty, scopes: ['user.public'], type: 'public', dialect: 'quaily' },
}

export const presetOf = (scopes: readonly string[]): string => Preset.presetOf(Scope.setOf(scopes))

/** The first problem of each field; a redirect line's own reason stands beside that line. */
export const byField = (
  problems: readonly { readonly field: string; readonly message: string; readonly line?: string }[],
): Readonly<Record<string, string>> => {
  const first: Record<string, string> = {}
  for (const { field, message, line } of problems)
    first[field] ??= line ? 'One of these addresses cannot be used. See below.' : message
  return first
}

/** True once the addresses are others than those that were refused, and each of them can be used. */
export const addressesMended = (refused: string, now: string): boolean =>
  now.replaceAll('\r', '') !== refused.replaceAll('\r', '') &&
  RedirectUri.parseLines(now).every(({ _tag }) => _tag === 'RedirectUri')

/** An app as it stands, in the form's fields. */
export const valuesOf = (app: {
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly string[]
  readonly allowedScopes: readonly string[]
  readonly type: 'confidential' | 'public'
  readonly dialect: DialectName
}): AppFormValues => ({
  name: app.name,
  description: app.description,
  redirectUris: app.redirectUris.join('\n'),
  scopes: app.allowedScopes,
  type: app.type,
  dialect: app.dialect,
})
