import type { Row } from '../rows/row.ts'
import { entryColumns, entryOf, workflowColumns, workflowOf } from '../rows/wallet.ts'
import type { Currency, SpendResult, WalletStorage } from '../storage/wallet.ts'
import type { Engine } from './engine.ts'

export const walletStorage = (engine: Engine): WalletStorage => {
  const balances = engine.prepare('SELECT currency, balance FROM wallets WHERE person_id = $1')
  const credit = engine.prepare(
    `WITH entry AS (
       INSERT INTO ledger (person_id, currency, amount, reason, at) VALUES ($1, $2, $3, $4, $5)
     )
     INSERT INTO wallets AS w (person_id, currency, balance) VALUES ($1, $2, $3)
     ON CONFLICT (person_id, currency) DO UPDATE SET balance = w.balance + excluded.balance`,
  )
  const spend = engine.prepare(
    'SELECT tag, left_ FROM civitai_spend($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
  )
  const spent = engine.prepare(
    `SELECT coalesce(sum(-amount), 0)::bigint FROM ledger
     WHERE person_id = $1 AND client_id = $2 AND at >= $3 AND amount < 0
       AND ($4::json IS NULL OR currency IN (SELECT json_array_elements_text($4::json)))`,
  )
  const ledger = engine.prepare(
    `SELECT ${entryColumns} FROM ledger WHERE person_id = $1 AND currency = $2 AND id < $3 ORDER BY id DESC LIMIT $4`,
  )
  const workflow = engine.prepare(`SELECT ${workflowColumns} FROM workflows WHERE person_id = $1 AND id = $2`)
  const workflows = engine.prepare(
    `SELECT ${workflowColumns} FROM workflows WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`,
  )
  return {
    balances: async (personId) =>
      Object.fromEntries((await balances.all(personId)) as readonly (readonly [Currency, number])[]) as Partial<
        Record<Currency, number>
      >,
    credit: async (personId, currency, amount, reason, now) =>
      void (await credit.run(personId, currency, amount, reason, now)),
    spend: async ({ personId, clientId, currency, amount, reason, byToken, limit, caps, workflow: begun, now }) => {
      const row = await spend.get(
        personId,
        clientId,
        currency,
        amount,
        reason,
        byToken,
        limit && JSON.stringify(limit),
        JSON.stringify(caps),
        begun?.id ?? null,
        begun?.body ?? null,
        begun?.readyAt ?? null,
        now,
      )
      const [tag, balance] = row as Row
      return tag === 'Spent'
        ? { _tag: tag, balance: balance as number }
        : { _tag: tag as Exclude<SpendResult['_tag'], 'Spent'> }
    },
    spent: (personId, clientId, caps) =>
      Promise.all(
        caps.map(async ({ since, currencies }) => {
          const row = await spent.get(personId, clientId, since ?? 0, currencies && JSON.stringify(currencies))
          return (row as Row)[0] as number
        }),
      ),
    ledger: async (personId, currency, { before, limit }) =>
      (await ledger.all(personId, currency, before ?? Number.MAX_SAFE_INTEGER, limit)).map(entryOf),
    workflow: async (personId, id) => {
      const row = await workflow.get(personId, id)
      return row ? workflowOf(row) : null
    },
    workflows: async (personId, limit) => (await workflows.all(personId, limit)).map(workflowOf),
  }
}
