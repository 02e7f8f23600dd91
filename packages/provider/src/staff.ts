/** What staff may do. Everybody else finds nothing here: the checks stand in this file, one for each operation. */
import { appOf } from './apps.ts'
import type { Clock } from './clock.ts'
import type { Staff } from './provider.ts'
import type { Storage } from './storage/storage.ts'

const refused = { _tag: 'NotStaff' } as const
const most = 200

const sizeOf = (limit: number): number => Math.min(Math.max(1, limit), most)

/** A place in the queue is when an app's owner asked, and for which: it stays one when that app has its answer. */
const placeOf = (after: string | undefined) => {
  const [, askedAt, clientId] = /^(\d{1,15})\.(.{1,128})$/.exec(after ?? '') ?? []
  return askedAt === undefined || clientId === undefined ? null : { askedAt: Number(askedAt), clientId }
}

type Waiting = Awaited<ReturnType<Storage['verification']['queue']>>

const nextOf = (waiting: Waiting): string | null => {
  const last = waiting.at(-1)
  return last ? `${last.request.askedAt}.${last.app.clientId}` : null
}

export const staffOf = ({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }): Staff => {
  const { verification } = storage

  const decide =
    (flag: 'verified' | 'trusted'): Staff['verify'] =>
    async (actor, clientId, on, reason) => {
      if (!actor.staff) return refused
      const said = reason.trim().slice(0, 500)
      if (said === '') return { _tag: 'ReasonMissing' }
      const app = await verification.decide(clientId, { flag, on, reason: said }, actor.id, clock.now())
      return app ? { _tag: 'Decided', app: appOf(app) } : { _tag: 'NotFound' }
    }

  const usernamesOf = async (ids: readonly number[]): Promise<ReadonlyMap<number, string>> => {
    const accounts = await Promise.all([...new Set(ids)].map((id) => storage.people.byId(id)))
    return new Map(accounts.flatMap((account) => (account ? [[account.person.id, account.person.username]] : [])))
  }

  return {
    queue: async (actor, { after, limit = 50 } = {}) => {
      if (!actor.staff) return refused
      const size = sizeOf(limit)
      const found = await verification.queue({ after: placeOf(after), limit: size + 1 })
      const waiting = found.slice(0, size)
      const owners = await usernamesOf(waiting.map(({ app }) => app.ownerId))
      return {
        _tag: 'Found',
        apps: waiting.map(({ app, request }) => ({
          app: appOf(app),
          owner: owners.get(app.ownerId) ?? '',
          verification: request,
        })),
        next: found.length > size ? nextOf(waiting) : null,
      }
    },
    search: async (actor, query, { after, limit = 50 } = {}) => {
      if (!actor.staff) return refused
      const wanted = query.trim()
      const size = sizeOf(limit)
      const whole = await storage.apps.find(wanted)
      const matching = whole
        ? [{ app: whole, owner: (await usernamesOf([whole.ownerId])).get(whole.ownerId) ?? '' }]
        : await verification.search(wanted, { after: after ?? null, limit: size + 1 })
      const found = matching.slice(0, size)
      const requests = await Promise.all(found.map(({ app }) => verification.find(app.clientId)))
      return {
        _tag: 'Found',
        apps: found.map(({ app, owner }, at) => ({ app: appOf(app), owner, verification: requests[at] ?? null })),
        next: matching.length > size ? (found.at(-1)?.app.clientId ?? null) : null,
      }
    },
    verify: decide('verified'),
    trust: decide('trusted'),
    auditOf: async (actor, clientId, { before = null, limit = 50 } = {}) => {
      if (!actor.staff) return refused
      const app = await storage.apps.find(clientId)
      if (!app) return { _tag: 'NotFound' }
      const events = await storage.audit.ofApp(clientId, app.ownerId, { before, limit: Math.min(limit, 500) })
      const concerned = events.flatMap(({ personId, actorId }) => [personId, actorId])
      return {
        _tag: 'Found',
        events,
        usernames: await usernamesOf(concerned.filter((id) => id !== null)),
      }
    },
  }
}
