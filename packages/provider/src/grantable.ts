/** Which scopes this server can grant at all: the documented ones, and the unnamed few where the profile says so. */
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Profiles } from './profile.ts'
import { scopeOrder } from './scope-mask.ts'

export const isGrantable = (dialect: Dialect, scope: string, profiles: Profiles): boolean =>
  dialect.scopes.names.includes(scope) || (profiles.has('unnamed-scopes') && scopeOrder(dialect).includes(scope))
