import type { ClientType } from '@civitai-oauth/core/app-registration'
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { KeptApp, KeptSecret } from '../storage/apps.ts'
import type { Row, Value } from './row.ts'

const names = [
  'id',
  'client_id',
  'dialect',
  'name',
  'description',
  'redirect_uris',
  'scopes',
  'reach',
  'type',
  'verified',
  'trusted',
  'owner_id',
  'created_at',
  'updated_at',
  'version',
  'revision',
  'secret_hash',
  'secret_created_at',
  'secret_used_at',
  'next_hash',
  'next_created_at',
  'next_used_at',
]

/** The columns `appOf` reads, of the table `apps`. */
export const appColumns = names.map((name) => `apps.${name}`).join(', ')
export const appWidth = names.length

const secretOf = (
  hash: Value | undefined,
  createdAt: Value | undefined,
  usedAt: Value | undefined,
): KeptSecret | null =>
  hash instanceof Uint8Array ? { hash, createdAt: createdAt as number, lastUsedAt: usedAt as number | null } : null

export const appOf = (row: Row): KeptApp => ({
  id: row[0] as number,
  clientId: row[1] as string,
  dialect: row[2] as DialectName,
  name: row[3] as string,
  description: row[4] as string,
  redirectUris: JSON.parse(row[5] as string) as string[],
  scopes: row[6] as number,
  reach: row[7] as number,
  type: row[8] as ClientType,
  verified: row[9] === 1,
  trusted: row[10] === 1,
  ownerId: row[11] as number,
  createdAt: row[12] as number,
  updatedAt: row[13] as number,
  version: row[14] as number,
  revision: row[15] as number,
  secret: secretOf(row[16], row[17], row[18]),
  nextSecret: secretOf(row[19], row[20], row[21]),
})
