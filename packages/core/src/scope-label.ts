/** What each of Civitai's scopes lets an app do, in the words people read. Source: Civitai's public scopes page. */
import { type Scope, type ScopeName, bitOf, reserved, setOf, spendsBuzz } from './scope.ts'

const labels: Record<ScopeName, string> = {
  UserRead: 'Read profile, settings & email',
  UserWrite: 'Update profile & settings',
  ModelsRead: 'Browse & download models',
  ModelsWrite: 'Upload & edit models',
  ModelsDelete: 'Delete models',
  MediaRead: 'View images, videos & posts',
  MediaWrite: 'Upload media & create posts',
  MediaDelete: 'Delete media & posts',
  ArticlesRead: 'Read articles',
  ArticlesWrite: 'Create & edit articles',
  ArticlesDelete: 'Delete articles',
  BountiesRead: 'View bounties',
  BountiesWrite: 'Create & manage bounties',
  BountiesDelete: 'Delete bounties',
  AIServicesRead: 'View generation & training history',
  AIServicesWrite: 'Generate, train & scan',
  BuzzRead: 'View buzz balance & history',
  CollectionsRead: 'View collections',
  CollectionsWrite: 'Manage collections',
  SocialWrite: 'Follow, react, comment & review',
  SocialTip: 'Tip other users (reserved)',
  NotificationsRead: 'Read notifications',
  NotificationsWrite: 'Manage notification preferences',
  VaultRead: 'View vault',
  VaultWrite: 'Manage vault',
}

/** The label of a scope; for one without a documented meaning, its own name. */
export const labelOf = (scope: Scope): string => labels[scope as ScopeName] ?? scope

export type Verb = 'Read' | 'Write' | 'Delete' | 'Tip'

/** All there is to say about one scope. A bit without a documented name has neither resource nor verb. */
export interface Description {
  readonly scope: Scope
  readonly bit: number
  /** What the bit is worth in the wire's decimal number. */
  readonly value: bigint
  readonly label: string
  /** The first half of the name, e.g. `AIServices`. */
  readonly resource: string | null
  readonly verb: Verb | null
  readonly spendsBuzz: boolean
  readonly reserved: boolean
}

const describeOne = (scope: Scope): Description => {
  const bit = bitOf(scope)
  const [, resource = null, verb = null] =
    scope in labels ? (/^(\w+)(Read|Write|Delete|Tip)$/.exec(scope) as RegExpExecArray) : []
  return {
    scope,
    bit,
    value: 1n << BigInt(bit),
    label: labelOf(scope),
    resource,
    verb: verb as Verb | null,
    spendsBuzz: (spendsBuzz as readonly Scope[]).includes(scope),
    reserved: (reserved as readonly Scope[]).includes(scope),
  }
}

/** Each scope of the set, described, in bit order. */
export const describe = (scopes: Iterable<Scope>): readonly Description[] => setOf(scopes).map(describeOne)
