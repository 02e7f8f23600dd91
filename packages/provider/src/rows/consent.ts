import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'
import type { KeptGrant, PendingRequest } from '../storage/consents.ts'
import type { Row } from './row.ts'

export const grantColumns = ['client_id', 'scopes', 'remembered', 'buzz_limit', 'created_at', 'last_used_at']
  .map((name) => `grants.${name}`)
  .join(', ')

export const grantOf = (row: Row, from = 0): KeptGrant => ({
  clientId: row[from] as string,
  scopes: row[from + 1] as number,
  remembered: row[from + 2] as number,
  buzzLimit: row[from + 3] === null ? null : (JSON.parse(row[from + 3] as string) as BuzzLimit),
  createdAt: row[from + 4] as number,
  lastUsedAt: row[from + 5] as number | null,
})

/** The columns `pendingOf` reads, of the table `requests`. */
export const pendingColumns =
  'client_id, redirect_uri, requested, offered, state, challenge, challenge_method, device_hash, answered_at, approved, salt'

export const pendingOf = (row: Row): PendingRequest => ({
  clientId: row[0] as string,
  redirectUri: row[1] as string,
  requested: row[2] as number,
  offered: row[3] as number,
  state: row[4] as string,
  challenge: row[5] as string,
  challengeMethod: row[6] as 'S256' | 'plain',
  device: row[7] as Uint8Array | null,
  answer:
    row[8] === null
      ? null
      : { at: row[8] as number, approved: row[9] === 1, salt: (row[10] ?? new Uint8Array()) as Uint8Array },
})
