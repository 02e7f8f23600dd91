/** Reading the audit log, newest first: filtered pages for a screen, the whole of it for a file. */
import { Readable } from 'node:stream'
import type { ReadEvent } from '@civitai-oauth/provider'
import { type EventGroup, groupOf } from '#lib/event-words.ts'

export type ReadEvents = (page: { before?: number; limit: number }) => Promise<readonly ReadEvent[]>

const batch = 500

/** All events before an id, in batches, until the reader stops or none are left. */
async function* backwards(read: ReadEvents, before?: number): AsyncGenerator<ReadEvent> {
  let from = before
  for (;;) {
    const events = await read({ limit: batch, ...(from === undefined ? {} : { before: from }) })
    yield* events
    const last = events.at(-1)
    if (!last || events.length < batch) return
    from = last.id
  }
}

/** One screen of the log. `next` is where the following one begins. */
export const screen = async (
  read: ReadEvents,
  { before, group, size }: { before: number | undefined; group: EventGroup | null; size: number },
): Promise<{ events: readonly ReadEvent[]; next: number | null }> => {
  const events: ReadEvent[] = []
  for await (const event of backwards(read, before)) {
    if (group !== null && groupOf(event) !== group) continue
    if (events.length === size) return { events, next: events.at(-1)?.id ?? null }
    events.push(event)
  }
  return { events, next: null }
}

/** What happened since a moment, at most `most` events of it. */
export const since = async (read: ReadEvents, moment: number, most: number): Promise<readonly ReadEvent[]> => {
  const events: ReadEvent[] = []
  for await (const event of backwards(read)) {
    if (event.at < moment || events.length === most) break
    events.push(event)
  }
  return events
}

/** The log as a file to keep, read only as fast as it is taken. */
export const download = (lines: AsyncIterable<string>, fileName: string): Response =>
  new Response(Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  })

/** The cursor in an address. */
export const cursor = (value: string | null): number | undefined =>
  value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined
