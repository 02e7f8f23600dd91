/** Permissions as people read them: grouped by resource, with spending and deleting marked. */
import { type Dialect, type DialectName, PermissionGrid, civitai, quaily } from '@civitai-oauth/core'

interface Permission {
  readonly scope: string
  readonly label: string
  /** `spends`: buzz or credit can be used up. `deletes`: something can be lost for good. */
  readonly mark: 'spends' | 'deletes' | null
  /** Not granted before. */
  readonly added: boolean
}

export interface PermissionGroup {
  readonly resource: string
  readonly permissions: readonly Permission[]
}

/** Quaily has no grid: each word stands for a resource. */
const quailyResources: Readonly<Record<string, string>> = {
  'user.public': 'Profile',
  'user.full': 'Profile',
  'post.write': 'Posts',
  'credit.read': 'Credit',
  'credit.full': 'Credit',
  'apikey.read': 'API keys',
}

const civitaiResource = (scope: string): string => {
  const row = PermissionGrid.rows.find(({ cells }) => (cells as readonly (string | null)[]).includes(scope))
  if (row) return row.resource
  return scope === 'SocialTip' ? 'Social' : 'Other'
}

const dialects: Readonly<Record<DialectName, Dialect>> = { civitai, quaily }

export const dialectOf = (name: DialectName): Dialect => dialects[name]

/** What a permission lets an app do; one that nobody has named yet is shown as it is. */
export const labelOf = (dialect: DialectName, scope: string): string => {
  const { scopes } = dialectOf(dialect)
  return scopes.isKnown(scope) ? scopes.label(scope) : scope
}

/** In the grid's order; resources without a permission are left out. */
export const groups = (
  dialect: DialectName,
  scopes: readonly string[],
  added: readonly string[] = [],
): readonly PermissionGroup[] => {
  const { spends, deletes } = dialectOf(dialect).scopes
  const byResource = new Map<string, Permission[]>()
  for (const scope of scopes) {
    const resource = dialect === 'quaily' ? (quailyResources[scope] ?? 'Other') : civitaiResource(scope)
    const permission: Permission = {
      scope,
      label: labelOf(dialect, scope),
      mark: spends.includes(scope) ? 'spends' : deletes.includes(scope) ? 'deletes' : null,
      added: added.includes(scope),
    }
    byResource.set(resource, [...(byResource.get(resource) ?? []), permission])
  }
  const order = PermissionGrid.rows.map((row) => row.resource)
  const rank = (resource: string) => (order.includes(resource) ? order.indexOf(resource) : order.length)
  return [...byResource]
    .map(([resource, permissions]) => ({ resource, permissions }))
    .toSorted((a, b) => rank(a.resource) - rank(b.resource))
}
