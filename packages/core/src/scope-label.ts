/** What each of Civitai's scopes lets an app do, in the words people read. */
import type { Scope, ScopeName } from './scope.ts'

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
