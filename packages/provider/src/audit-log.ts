/** Reading the audit log: in pages, and whole as JSON lines, without the ids of other people. */
import { createHmac } from 'node:crypto'
import type { AuditEvent, ReadEvent } from './audit.ts'
import type { Audit, Person } from './provider.ts'
import type { AuditPage } from './storage/audit.ts'
import type { Storage } from './storage/storage.ts'

const mostEvents = 500
const mostRefreshes = 50_000

const pageOf = ({ before, limit = 50 }: { readonly before?: number; readonly limit?: number } = {}): AuditPage => ({
  before: before ?? null,
  limit: Math.min(Math.max(1, limit), mostEvents),
})

/** Page after page, until one is short. */
async function* linesOf(read: (page: AuditPage) => Promise<readonly ReadEvent[]>): AsyncGenerator<string> {
  for (let before: number | null = null; ;) {
    const events: readonly ReadEvent[] = await read({ before, limit: mostEvents })
    for (const event of events) yield `${JSON.stringify({ ...event, at: new Date(event.at).toISOString() })}\n`
    if (events.length < mostEvents) return
    before = events.at(-1)?.id ?? null
  }
}

/** `salt`: secret, and the same for as long as the installation lives. */
export const auditOf = ({ audit, tokens }: Storage, salt: Uint8Array): Audit => {
  const pseudonym = (clientId: string | null, personId: number): string =>
    createHmac('sha256', salt).update(`audit ${clientId} ${personId}`).digest().toString('base64url', 0, 16)

  const readBy =
    (reader: Person) =>
    ({ personId, actorId, ...event }: AuditEvent): ReadEvent => {
      const other = personId === null ? null : pseudonym(event.clientId, personId)
      return {
        ...event,
        person: personId === reader.id ? 'self' : other,
        by: actorId === null ? null : actorId === reader.id ? 'self' : 'staff',
      }
    }

  const ofApp = async (actor: Person, clientId: string, page: AuditPage): Promise<readonly ReadEvent[]> =>
    (await audit.ofApp(clientId, actor.id, page)).map(readBy(actor))
  const ofPerson = async (actor: Person, page: AuditPage): Promise<readonly ReadEvent[]> =>
    (await audit.ofPerson(actor.id, page)).map(readBy(actor))

  return {
    ofApp: (actor, clientId, page) => ofApp(actor, clientId, pageOf(page)),
    ofPerson: (actor, page) => ofPerson(actor, pageOf(page)),
    linesOfApp: (actor, clientId) => linesOf((page) => ofApp(actor, clientId, page)),
    linesOfPerson: (actor) => linesOf((page) => ofPerson(actor, page)),
    refreshesOf: (actor, clientId, since) =>
      tokens.refreshesOf({ clientId, ownerId: actor.id, since, most: mostRefreshes }),
  }
}
