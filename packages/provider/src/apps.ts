/** Registration and lifecycle of OAuth apps. The rules are core's; this adds ids, secrets and storage. */
import { randomUUID } from 'node:crypto'
import * as AppRegistration from '@civitai-oauth/core/app-registration'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Clock } from './clock.ts'
import { dialects } from './dialects.ts'
import type { App, AppDraft, Apps, AppSummary, Person, RegisterResult, SecretInfo } from './provider.ts'
import { isGrantable } from './grantable.ts'
import type { Profiles } from './profile.ts'
import { maskOf, scopesIn } from './scope-mask.ts'
import type { CountedApp, KeptApp, KeptSecret, SeenSecrets } from './storage/apps.ts'
import { askForVerification } from './verification.ts'
import type { Storage } from './storage/storage.ts'
import { digest, mint } from './token.ts'

const secretInfo = (kept: KeptSecret | null): SecretInfo | null =>
  kept && { createdAt: kept.createdAt, lastUsedAt: kept.lastUsedAt }

export const appOf = (kept: KeptApp): App => ({
  clientId: kept.clientId,
  dialect: kept.dialect,
  name: kept.name,
  description: kept.description,
  redirectUris: kept.redirectUris,
  allowedScopes: scopesIn(dialects[kept.dialect], kept.scopes),
  type: kept.type,
  verified: kept.verified,
  trusted: kept.trusted,
  ownerId: kept.ownerId,
  createdAt: kept.createdAt,
  updatedAt: kept.updatedAt,
  version: kept.version,
  currentSecret: secretInfo(kept.secret),
  nextSecret: secretInfo(kept.nextSecret),
})

const summaryOf = (kept: CountedApp): AppSummary => ({
  ...appOf(kept),
  people: kept.people,
  liveTokens: kept.liveTokens,
})

interface AppServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly profiles: Profiles
}

/** Every rule of the form: core's, and that a scope is one this server can grant. */
const check = (draft: AppDraft, trusted: boolean, profiles: Profiles): AppRegistration.Checked => {
  const dialect = dialects[draft.dialect]
  if (!dialect) return { _tag: 'Invalid', problems: [{ field: 'dialect', message: 'Choose civitai or quaily.' }] }
  const checked = AppRegistration.check(draft, dialect, { trusted, quirks: profiles.quirks })
  if (checked._tag === 'Invalid') return checked
  const unknown = checked.registration.scopes.filter((scope) => !isGrantable(dialect, scope, profiles))
  if (unknown.length === 0) return checked
  return { _tag: 'Invalid', problems: [{ field: 'scopes', message: `Unknown permission: ${unknown.join(', ')}.` }] }
}

/** What was asked for, and how far that reaches. */
const masksOf = (dialect: Dialect, scopes: readonly string[]) => ({
  scopes: maskOf(dialect, scopes),
  reach: maskOf(dialect, dialect.scopes.withImplied([...scopes, ...dialect.scopes.baseline])),
})

/** What an emulator may settle beforehand. */
export interface Settled {
  readonly clientId?: string
  readonly secret?: string
  readonly verified?: boolean
  readonly trusted?: boolean
}

export const registerApp = async (
  { storage, clock, profiles }: AppServices,
  owner: Person,
  draft: AppDraft,
  settled: Settled = {},
): Promise<RegisterResult> => {
  const trusted = settled.trusted ?? false
  const checked = check(draft, trusted, profiles)
  if (checked._tag === 'Invalid') return checked
  const { name, description, redirectUris, scopes, type } = checked.registration
  const secret = type === 'confidential' ? (settled.secret ?? mint('secret')) : null
  const kept = await storage.apps.register(
    {
      clientId: settled.clientId ?? randomUUID(),
      dialect: draft.dialect,
      name,
      description,
      redirectUris,
      ...masksOf(dialects[draft.dialect], scopes),
      type,
      verified: settled.verified ?? false,
      trusted,
      ownerId: owner.id,
      secretHash: secret === null ? null : digest(secret),
    },
    clock.now(),
  )
  return { _tag: 'Registered', app: appOf(kept), secret }
}

export const appsOf = (services: AppServices): Apps => {
  const { storage, clock, profiles } = services
  const seenNow = async (clientId: string): Promise<SeenSecrets> => {
    const app = await storage.apps.find(clientId)
    return { current: app?.secret?.createdAt ?? null, next: app?.nextSecret?.createdAt ?? null }
  }
  return {
    register: (actor, draft) => registerApp(services, actor, draft),

    edit: async (actor, clientId, version, draft) => {
      const standing = await storage.apps.find(clientId)
      if (standing?.ownerId !== actor.id) return { _tag: 'NotFound' }
      // The type and the dialect are fixed at creation.
      const checked = check({ ...draft, type: standing.type, dialect: standing.dialect }, standing.trusted, profiles)
      if (checked._tag === 'Invalid') return checked
      const { name, description, redirectUris, scopes } = checked.registration
      const fields = { name, description, redirectUris, ...masksOf(dialects[standing.dialect], scopes) }
      const edited = await storage.apps.edit(clientId, actor.id, version, fields, clock.now())
      return edited._tag === 'NotFound' ? edited : { _tag: edited._tag, app: appOf(edited.app) }
    },

    prepareSecret: async (actor, clientId, seen) => {
      const secret = mint('secret')
      const upon = seen ?? (await seenNow(clientId))
      const result = await storage.secrets.prepare(clientId, actor.id, upon, digest(secret), clock.now())
      if (result._tag === 'Conflict') return { _tag: 'Conflict', app: appOf(result.app) }
      return result._tag === 'Changed' ? { _tag: 'SecretIssued', app: appOf(result.app), secret } : result
    },

    rotateSecret: async (actor, clientId, seen) => {
      const secret = mint('secret')
      const upon = seen ?? (await seenNow(clientId))
      const result = await storage.secrets.rotate(clientId, actor.id, upon, digest(secret), clock.now())
      if (result._tag === 'Conflict') return { _tag: 'Conflict', app: appOf(result.app) }
      if (result._tag !== 'Changed') return result
      return { _tag: 'Rotated', app: appOf(result.app), secret: result.promoted ? null : secret }
    },

    delete: (actor, clientId) => storage.apps.delete(clientId, actor.id, clock.now()),

    list: async (actor, { query = '', after, limit = 50 } = {}) => {
      const page = { query: query.trim(), after: after ?? null, limit: Math.min(Math.max(1, limit), 500) }
      const { apps, total, more } = await storage.apps.list(actor.id, page, clock.now())
      return { apps: apps.map(summaryOf), total, next: more ? (apps.at(-1)?.clientId ?? null) : null }
    },

    askForVerification: (actor, clientId, request) => askForVerification(services, actor, clientId, request),

    verification: async (actor, clientId) => {
      const kept = await storage.apps.find(clientId)
      return kept?.ownerId === actor.id ? storage.verification.find(clientId) : null
    },

    get: async (actor, clientId) => {
      const kept = await storage.apps.find(clientId)
      if (kept?.ownerId !== actor.id) return null
      return summaryOf({ ...kept, ...(await storage.apps.count(clientId, clock.now())) })
    },
  }
}
