/** Connected Apps: what a person granted, and taking it back. */
import * as BuzzLimit from '@civitai-oauth/core/buzz-limit'
import { capsOf } from './buzz-caps.ts'
import type { Clock } from './clock.ts'
import { dialects } from './dialects.ts'
import type { Grants } from './provider.ts'
import { scopesIn } from './scope-mask.ts'
import type { Storage } from './storage/storage.ts'

export const grantsOf = ({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }): Grants => ({
  list: async (actor) => {
    const listed = await storage.grants.list(actor.id)
    const now = clock.now()
    const spent = await Promise.all(
      listed.map(({ grant }) =>
        grant.buzzLimit === null ? [] : storage.wallet.spent(actor.id, grant.clientId, capsOf(grant.buzzLimit, now)),
      ),
    )
    return listed.map(({ grant, app }, at) => ({
      clientId: app.clientId,
      appName: app.name,
      appDescription: app.description,
      appVerified: app.verified,
      dialect: app.dialect,
      scopes: scopesIn(dialects[app.dialect], grant.scopes),
      remembered: grant.remembered !== 0,
      buzzLimit: grant.buzzLimit,
      buzzSpent: spent[at] ?? [],
      createdAt: grant.createdAt,
      lastUsedAt: grant.lastUsedAt,
    }))
  },
  setBuzzLimit: async (actor, clientId, limit) => {
    const parsed = BuzzLimit.parse(limit)
    if (parsed._tag === 'Invalid') return parsed
    const kept = parsed.limit.length === 0 ? null : parsed.limit
    return storage.grants.setBuzzLimit(actor.id, clientId, kept, clock.now())
  },
  revoke: (actor, clientId) => storage.grants.revoke(actor.id, clientId, clock.now()),
})
