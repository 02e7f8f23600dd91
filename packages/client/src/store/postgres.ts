/** Sessions in Postgres, for any number of processes. Bring your own driver: a `pg` pool fits as it is. */
import type { SessionStore } from './store.ts'

/** What is needed of a driver: `new pg.Pool()` of `pg` has it. */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

export interface PostgresStoreOptions {
  /** Default `civitai_session`; its leases stand beside it with `_lease` at the end. */
  readonly table?: string
}

const identifier = /^[a-z_][a-z0-9_]{0,50}$/

/** One table for sessions, one for leases; made when first needed. Time is the database's: every process has the same. */
export const postgresStore = (client: PostgresClient, options: PostgresStoreOptions = {}): SessionStore => {
  const { table = 'civitai_session' } = options
  if (!identifier.test(table)) throw new TypeError(`"${table}" is not a plain table name.`)
  // Processes that start together would trip over each other's `create`, in ways Postgres has many names for: they queue
  // up, and a single statement is a transaction of its own with every driver.
  const make = `
    do $$ begin
      perform pg_advisory_xact_lock(hashtext('${table}'));
      create table if not exists ${table} (
        id text primary key, value text not null, user_id text not null,
        expires_at bigint not null, saved_at timestamptz not null default clock_timestamp());
      create index if not exists ${table}_user on ${table} (user_id, saved_at desc);
      create index if not exists ${table}_over on ${table} (expires_at);
      create table if not exists ${table}_lease (
        id text primary key, holder text not null, until timestamptz not null);
    end $$`
  let made: Promise<unknown> | undefined
  const ready = async () => {
    try {
      await (made ??= client.query(make, []))
    } catch (error) {
      made = undefined
      throw error
    }
  }
  const query = async (text: string, ...values: unknown[]) => {
    await ready()
    return (await client.query(text, values)).rows
  }
  let saves = 0
  /** Once in a while, and not for all at once: what has run out is never handed out, and only takes up room. */
  const forgetOld = async () => {
    if (saves++ % 1000 > 0) return
    await query(
      `with over as (delete from ${table} where id in (select id from ${table} where not ${alive} limit 10000))
       delete from ${table}_lease where until <= clock_timestamp() - interval '1 hour'`,
    )
  }
  const alive = `expires_at > extract(epoch from clock_timestamp()) * 1000`
  return {
    load: async (id) => {
      const [row] = await query(`select value from ${table} where id = $1 and ${alive}`, id)
      return row?.['value'] as string | undefined
    },
    save: async (id, { value, userId, expiresAt }) => {
      await query(
        `insert into ${table} (id, value, user_id, expires_at) values ($1, $2, $3, $4)
         on conflict (id) do update set value = $2, user_id = $3, expires_at = $4, saved_at = clock_timestamp()`,
        id,
        value,
        userId,
        Math.round(expiresAt),
      )
      await forgetOld()
    },
    delete: async (id) => {
      await query(`delete from ${table} where id = $1`, id)
    },
    ofUser: async (userId) => {
      const rows = await query(`select id from ${table} where user_id = $1 and ${alive} order by saved_at desc`, userId)
      return rows.map((row) => row['id'] as string)
    },
    lease: async (id, holder, ms) => {
      const rows = await query(
        `insert into ${table}_lease as held (id, holder, until)
         values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
         on conflict (id) do update set holder = $2, until = excluded.until
         where held.holder = $2 or held.until <= clock_timestamp() returning id`,
        id,
        holder,
        ms,
      )
      return rows.length === 1
    },
    release: async (id, holder) => {
      await query(`delete from ${table}_lease where id = $1 and holder = $2`, id, holder)
    },
  }
}
