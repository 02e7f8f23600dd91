/** Reading the audit log: in pages, and whole as JSON lines. */
import type { AuditEvent } from './audit.ts'
import type { Audit } from './provider.ts'
import type { AuditPage } from './storage/audit.ts'
import type { Storage } from './storage/storage.ts'

const mostEvents = 500
const mostRefreshes = 50_000

const pageOf = ({ before, limit = 50 }: { readonly before?: number; readonly limit?: number } = {}): AuditPage => ({
  before: before ?? null,
  limit: Math.min(Math.max(1, limit), mostEvents),
})

/** Page after page, until one is short. */
async function* linesOf(read: (page: AuditPage) => Promise<readonly AuditEvent[]>): AsyncGenerator<string> {
  for (let before: number | null = null; ;) {
    const events: readonly AuditEvent[] = await read({ before, limit: mostEvents })
    for (const event of events) yield `${JSON.stringify({ ...event, at: new Date(event.at).toISOString() })}\n`
    if (events.length < mostEvents) return
    before = events.at(-1)?.id ?? null
  }
}

export const auditOf = ({ audit, tokens }: Storage): Audit => ({
  ofApp: (actor, clientId, page) => audit.ofApp(clientId, actor.id, pageOf(page)),
  ofPerson: (actor, page) => audit.ofPerson(actor.id, pageOf(page)),
  linesOfApp: (actor, clientId) => linesOf((page) => audit.ofApp(clientId, actor.id, page)),
  linesOfPerson: (actor) => linesOf((page) => audit.ofPerson(actor.id, page)),
  refreshesOf: (actor, clientId, since) =>
    tokens.refreshesOf({ clientId, ownerId: actor.id, since, most: mostRefreshes }),
})
