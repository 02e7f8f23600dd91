import type { Row } from '../rows/row.ts'
import { entryColumns, entryOf, workflowColumns, workflowOf } from '../rows/wallet.ts'
import type { Cap, Currency, WalletStorage } from '../storage/wallet.ts'
import type { Engine } from './engine.ts'
import { noteOf } from './audit.ts'

export const walletStorage = (engine: Engine): WalletStorage => {
  const note = noteOf(engine)
  const balances = engine.prepare('SELECT currency, balance FROM wallets WHERE person_id = ?')
  const change = engine.prepare(
    `INSERT INTO wallets (person_id, currency, balance) VALUES (?, ?, ?)
     ON CONFLICT (person_id, currency) DO UPDATE SET balance = balance + excluded.balance RETURNING balance`,
  )
  const take = engine.prepare(
    'UPDATE wallets SET balance = balance - ? WHERE person_id = ? AND currency = ? RETURNING balance',
  )
  const balance = engine.prepare('SELECT balance FROM wallets WHERE person_id = ? AND currency = ?')
  const entry = engine.prepare(
    'INSERT INTO ledger (person_id, currency, amount, client_id, reason, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const spentSince = engine.prepare(
    `SELECT coalesce(sum(-amount), 0) FROM ledger
     WHERE person_id = ?1 AND client_id = ?2 AND at >= ?3 AND amount < 0
       AND (?4 IS NULL OR currency IN (SELECT value FROM json_each(?4)))`,
  )
  const limitOf = engine.prepare('SELECT buzz_limit FROM grants WHERE person_id = ? AND client_id = ?')
  const alive = engine.prepare(
    `SELECT 1 FROM generations JOIN families ON families.id = family_id JOIN apps ON apps.client_id = families.client_id
       LEFT JOIN grants ON grants.id = families.grant_id
     WHERE access_hash = ? AND access_expires_at > ? AND ended_at IS NULL
       AND (families.grant_id IS NULL OR grants.id IS NOT NULL)`,
  )
  const begin = engine.prepare(
    `INSERT INTO workflows (id, person_id, client_id, body, cost, created_at, ready_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const workflow = engine.prepare(`SELECT ${workflowColumns} FROM workflows WHERE person_id = ? AND id = ?`)
  const workflows = engine.prepare(
    `SELECT ${workflowColumns} FROM workflows WHERE person_id = ? ORDER BY created_at DESC, id DESC LIMIT ?`,
  )
  const ledger = engine.prepare(
    `SELECT ${entryColumns} FROM ledger
     WHERE person_id = ? AND currency = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const spentIn = (personId: number, clientId: string, { since, currencies }: Cap): number =>
    (spentSince.get(personId, clientId, since ?? 0, currencies && JSON.stringify(currencies)) as Row)[0] as number

  return {
    balances: (personId) => engine.read(() => Object.fromEntries(balances.all(personId)) as Record<Currency, number>),
    credit: (personId, currency, amount, reason, now) =>
      engine.write(() => {
        change.get(personId, currency, amount)
        entry.run(personId, currency, amount, null, reason, now)
      }),
    spend: ({ personId, clientId, currency, amount, reason, byToken, limit, caps, workflow: begun, now }) =>
      engine.write(() => {
        if (byToken !== null && !alive.get(byToken, now)) return { _tag: 'Ended' }
        const standing = limitOf.get(personId, clientId)?.[0] ?? null
        if (standing !== (limit && JSON.stringify(limit))) return { _tag: 'Stale' }
        const refused = (why: string) =>
          note({
            at: now,
            kind: 'spend-refused',
            clientId,
            personId,
            actorId: null,
            detail: { reason: why, amount: String(amount) },
          })
        const has = (balance.get(personId, currency)?.[0] ?? 0) as number
        if (has < amount) {
          refused('balance')
          return { _tag: 'Broke' }
        }
        if (caps.some((cap) => spentIn(personId, clientId, cap) + amount > cap.limit)) {
          refused('limit')
          return { _tag: 'Capped' }
        }
        const left = (take.get(amount, personId, currency) as Row)[0] as number
        entry.run(personId, currency, -amount, clientId, reason, now)
        if (begun) begin.run(begun.id, personId, clientId, begun.body, begun.cost, now, begun.readyAt)
        return { _tag: 'Spent', balance: left }
      }),
    spent: (personId, clientId, caps) => engine.read(() => caps.map((cap) => spentIn(personId, clientId, cap))),
    ledger: (personId, currency, { before, limit }) =>
      engine.read(() => ledger.all(personId, currency, before ?? Number.MAX_SAFE_INTEGER, limit).map(entryOf)),
    workflow: (personId, id) =>
      engine.read(() => {
        const row = workflow.get(personId, id)
        return row ? workflowOf(row) : null
      }),
    workflows: (personId, limit) => engine.read(() => workflows.all(personId, limit).map(workflowOf)),
  }
}
