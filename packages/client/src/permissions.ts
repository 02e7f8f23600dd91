/** What a session may do, in the words that people read when they allow it. Apart, for the words are many. */
import { labelOf as civitaiLabel } from '@civitai-oauth/core/scope-label'
import { type Scope, setOf, spendsBuzz } from '@civitai-oauth/core/scope'
import type { BrowserSession } from './browser/store.ts'

/** `missing`: the page needs it, and the person has not allowed it. */
export interface Permission<S extends string = string> {
  readonly scope: S
  readonly label: string
  readonly state: 'granted' | 'missing'
  /** It lets the app spend the person's buzz. */
  readonly spendsBuzz: boolean
}

export interface PermissionWords {
  readonly granted: string
  readonly missing: string
  /** The link that asks for what is missing. */
  readonly ask: string
}

export const permissionWords: PermissionWords = {
  granted: 'allowed',
  missing: 'not allowed yet',
  ask: 'Allow what is missing',
}

/** The label of a scope; of one without a documented meaning, its own name. */
export const labelOf = (scope: string): string => civitaiLabel(scope as Scope)

/** Names of Civitai's in the order of its grid, then any other dialect's, each once. */
const inOrder = <S extends string>(scopes: readonly S[]): readonly S[] => [
  ...new Set([...(setOf(scopes) as readonly string[] as readonly S[]), ...scopes]),
]

/** What the session holds and, of what the page needs, what it lacks. Nothing where nobody is signed in. */
export const permissionsOf = <S extends string>(
  session: BrowserSession<S>,
  required: readonly S[] = [],
  describe: (scope: S) => string = labelOf,
): readonly Permission<S>[] => {
  if (session.status !== 'signed-in') return []
  const held = new Set<S>(session.scopes)
  return inOrder([...session.scopes, ...required]).map((scope) => ({
    scope,
    label: describe(scope),
    state: held.has(scope) ? 'granted' : 'missing',
    spendsBuzz: (spendsBuzz as readonly string[]).includes(scope),
  }))
}
