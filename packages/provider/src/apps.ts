/** Registration and lifecycle of OAuth apps. The rules are core's; this adds ids, secrets and storage. */
import { randomUUID } from 'node:crypto'
import * as AppRegistration from '@civitai-oauth/core/app-registration'
import type { Clock } from './clock.ts'
import { dialects } from './dialects.ts'
import type { App, AppDraft, Apps, AppSummary, Person, RegisterResult, SecretInfo } from './provider.ts'
import { maskOf, scopesIn } from './scope-mask.ts'
import type { CountedApp, KeptApp, KeptSecret } from './storage/apps.ts'
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

/** Every rule of the form, core's and the dialect's, on what was typed. */
const check = (draft: AppDraft, trusted: boolean): AppRegistration.Checked => {
  const dialect = dialects[draft.dialect]
  if (!dialect) return { _tag: 'Invalid', problems: [{ field: 'dialect', message: 'Choose civitai or quaily.' }] }
  const checked = AppRegistration.check(draft, dialect)
  if (checked._tag === 'Invalid') return checked
  const reserved = checked.registration.scopes.filter(
    (scope) => !dialect.scopes.names.includes(scope) || (!trusted && dialect.scopes.trustedOnly.includes(scope)),
  )
  if (reserved.length === 0) return checked
  const message = `Not available to this app: ${reserved.join(', ')}.`
  return { _tag: 'Invalid', problems: [{ field: 'scopes', message }] }
}

/** What an emulator may settle beforehand. */
export interface Settled {
  readonly clientId?: string
  readonly secret?: string
  readonly verified?: boolean
  readonly trusted?: boolean
}

export const registerApp = async (
  { storage, clock }: { readonly storage: Storage; readonly clock: Clock },
  owner: Person,
  draft: AppDraft,
  settled: Settled = {},
): Promise<RegisterResult> => {
  const trusted = settled.trusted ?? false
  const checked = check(draft, trusted)
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
      scopes: maskOf(dialects[draft.dialect], scopes),
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

export const appsOf = (services: { readonly storage: Storage; readonly clock: Clock }): Apps => {
  const { storage, clock } = services
  return {
    register: (actor, draft) => registerApp(services, actor, draft),

    edit: async (actor, clientId, version, draft) => {
      const standing = await storage.apps.find(clientId)
      if (standing?.ownerId !== actor.id) return { _tag: 'NotFound' }
      // The type and the dialect are fixed at creation.
      const checked = check({ ...draft, type: standing.type, dialect: standing.dialect }, standing.trusted)
      if (checked._tag === 'Invalid') return checked
      const { name, description, redirectUris, scopes } = checked.registration
      const fields = { name, description, redirectUris, scopes: maskOf(dialects[standing.dialect], scopes) }
      const edited = await storage.apps.edit(clientId, actor.id, version, fields, clock.now())
      return edited._tag === 'NotFound' ? edited : { _tag: edited._tag, app: appOf(edited.app) }
    },

    prepareSecret: async (actor, clientId) => {
      const secret = mint('secret')
      const result = await storage.secrets.prepare(clientId, actor.id, digest(secret), clock.now())
      return result._tag === 'Changed' ? { _tag: 'SecretIssued', app: appOf(result.app), secret } : result
    },

    rotateSecret: async (actor, clientId) => {
      const secret = mint('secret')
      const result = await storage.secrets.rotate(clientId, actor.id, digest(secret), clock.now())
      if (result._tag !== 'Changed') return result
      return { _tag: 'Rotated', app: appOf(result.app), secret: result.promoted ? null : secret }
    },

    delete: (actor, clientId) => storage.apps.delete(clientId, actor.id, clock.now()),

    list: async (actor, { query = '', after, limit = 50 } = {}) => {
      const page = { query: query.trim(), after: after ?? null, limit: Math.min(Math.max(1, limit), 500) }
      const { apps, total, more } = await storage.apps.list(actor.id, page, clock.now())
      return { apps: apps.map(summaryOf), total, next: more ? (apps.at(-1)?.clientId ?? null) : null }
    },

    get: async (actor, clientId) => {
      const kept = await storage.apps.find(clientId)
      if (kept?.ownerId !== actor.id) return null
      return summaryOf({ ...kept, ...(await storage.apps.count(clientId, clock.now())) })
    },
  }
}
