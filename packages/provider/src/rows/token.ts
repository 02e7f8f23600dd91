import type { DialectName } from '@civitai-oauth/core/dialect'
import type { LiveToken } from '../storage/tokens.ts'
import { personColumns, personOf } from './person.ts'
import type { Row } from './row.ts'

/** Of `generations` joined to its family, app and person. */
export const liveTokenColumns = `${personColumns('people')}, families.client_id, apps.id, apps.dialect, apps.trusted,
  generations.scopes & apps.reach, generations.created_at, access_expires_at`

export const liveTokenOf = (row: Row): LiveToken => ({
  person: personOf(row),
  clientId: row[7] as string,
  appId: row[8] as number,
  dialect: row[9] as DialectName,
  trusted: row[10] === 1,
  scopes: row[11] as number,
  issuedAt: row[12] as number,
  expiresAt: row[13] as number,
})
