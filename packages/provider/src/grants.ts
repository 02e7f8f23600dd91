/** Connected Apps: what a person granted, and taking it back. */
import type { Clock } from './clock.ts'
import { dialects } from './dialects.ts'
import type { Grants } from './provider.ts'
import { scopesIn } from './scope-mask.ts'
import type { Storage } from './storage/storage.ts'

export const grantsOf = ({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }): Grants => ({
  list: async (actor) =>
    (await storage.grants.list(actor.id)).map(({ grant, app }) => ({
      clientId: app.clientId,
      appName: app.name,
      appDescription: app.description,
      appVerified: app.verified,
      dialect: app.dialect,
      scopes: scopesIn(dialects[app.dialect], grant.scopes),
      remembered: grant.remembered !== 0,
      buzzLimit: grant.buzzLimit,
      createdAt: grant.createdAt,
      lastUsedAt: grant.lastUsedAt,
    })),
  revoke: (actor, clientId) => storage.grants.revoke(actor.id, clientId, clock.now()),
})
