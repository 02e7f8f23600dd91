/**
 * A handful of Postgres connections. Every operation is one statement, prepared once a connection, and sent without
 * waiting for those before it; so many overlap on few connections. Nothing is tried twice: a statement whose answer was
 * lost may have counted.
 */
import { Client, type ClientConfig, types as defaults } from 'pg'
import type { Row, Value } from '../rows/row.ts'
import { StorageUnavailable } from '../storage/storage.ts'

export interface Statement {
  get(...values: Value[]): Promise<Row | undefined>
  all(...values: Value[]): Promise<readonly Row[]>
  /** Answers how many rows changed. */
  run(...values: Value[]): Promise<number>
}

export interface Engine {
  prepare(text: string): Statement
  /** Several statements without values, e.g. a migration: one transaction. */
  execute(text: string): Promise<void>
  close(): Promise<void>
}

/** 64-bit integers are numbers here: times and counts stay far below 2^53. */
const int8 = 20
const types: ClientConfig['types'] = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : (defaults.getTypeParser(oid, format as 'text') as (value: string) => unknown),
} as ClientConfig['types']

/** No text of Postgres holds a NUL. In its place stands what no key, name or address has, so a look-up finds nothing. */
const held = (value: Value): Value =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value

interface Slot {
  client: Promise<Client> | undefined
}

/** `waitMs`: how long a statement, and a connection, may take. */
export const engineOf = (url: string, connections: number, waitMs: number): Engine => {
  const slots: Slot[] = Array.from({ length: connections }, () => ({ client: undefined }))
  let next = 0
  let closed = false
  let names = 0

  const connect = async (slot: Slot): Promise<Client> => {
    const client = new Client({
      connectionString: url,
      types,
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: waitMs,
      statement_timeout: waitMs,
      query_timeout: waitMs * 2,
      application_name: 'civitai-oauth',
    } as ClientConfig)
    const lost = () => void (slot.client = undefined)
    client.on('error', lost)
    client.on('end', lost)
    await client.connect()
    return client
  }

  const clientOf = (slot: Slot): Promise<Client> => {
    if (slot.client) return slot.client
    const connecting = connect(slot)
    slot.client = connecting
    connecting.catch(() => {
      if (slot.client === connecting) slot.client = undefined
    })
    return connecting
  }

  const ask = async (name: string | undefined, text: string, values: readonly Value[]) => {
    if (closed) throw new StorageUnavailable('closed')
    const slot = slots[next++ % slots.length] as Slot
    try {
      const client = await clientOf(slot)
      return await client.query({
        ...(name === undefined ? {} : { name }),
        text,
        values: values.map(held),
        rowMode: 'array',
      })
    } catch (cause) {
      throw new StorageUnavailable(cause)
    }
  }

  return {
    prepare: (text) => {
      const name = `civitai_${names++}`
      return {
        get: async (...values) => (await ask(name, text, values)).rows[0] as Row | undefined,
        all: async (...values) => (await ask(name, text, values)).rows as unknown as readonly Row[],
        run: async (...values) => (await ask(name, text, values)).rowCount ?? 0,
      }
    },
    execute: async (text) => {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: waitMs })
      client.on('error', () => {})
      await client.connect()
      try {
        await client.query(text)
      } finally {
        await client.end()
      }
    },
    close: async () => {
      closed = true
      await Promise.all(slots.map(async ({ client }) => (await client?.catch(() => undefined))?.end()))
    },
  }
}
