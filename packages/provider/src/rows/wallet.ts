import type { Currency, KeptWorkflow, LedgerEntry } from '../storage/wallet.ts'
import type { Row } from './row.ts'

export const entryColumns = 'id, at, amount, currency, client_id, reason'
export const workflowColumns = 'id, client_id, body, cost, created_at, ready_at'

export const entryOf = (row: Row): LedgerEntry => ({
  id: row[0] as number,
  at: row[1] as number,
  amount: row[2] as number,
  currency: row[3] as Currency,
  clientId: row[4] as string | null,
  reason: row[5] as string,
})

export const workflowOf = (row: Row): KeptWorkflow => ({
  id: row[0] as string,
  clientId: row[1] as string,
  body: row[2] as string,
  cost: row[3] as number,
  createdAt: row[4] as number,
  readyAt: row[5] as number,
})
