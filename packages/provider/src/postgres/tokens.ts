import type { Row } from '../rows/row.ts'
import { liveTokenColumns, liveTokenOf } from '../rows/token.ts'
import { revokedAt, type RedeemCodeResult, type RotateResult, type TokenStorage } from '../storage/tokens.ts'
import type { Engine } from './engine.ts'

const places = (count: number): string => Array.from({ length: count }, (_, at) => `$${at + 1}`).join(', ')

const dayMs = 86_400_000

type Part = Extract<RedeemCodeResult, { _tag: 'Mismatched' }>['part']
const parts: readonly string[] = ['client', 'redirect_uri', 'code_verifier'] satisfies Part[]

export const tokenStorage = (engine: Engine): TokenStorage => {
  const redeem = engine.prepare(`SELECT tag, granted, person FROM civitai_redeem_code(${places(11)})`)
  const rotate = engine.prepare(
    `SELECT tag, granted, person, old_salt, spent_before FROM civitai_rotate(${places(13)})`,
  )
  const issue = engine.prepare(`SELECT civitai_issue_to_client(${places(6)})`)
  const revoke = engine.prepare('SELECT civitai_revoke($1, $2, $3, $4)')
  const find = engine.prepare(
    `SELECT ${liveTokenColumns} FROM generations
       JOIN families ON families.id = family_id
       JOIN apps ON apps.client_id = families.client_id
       JOIN people ON people.id = families.person_id
       LEFT JOIN grants ON grants.id = families.grant_id
     WHERE access_hash = $1 AND access_expires_at > $2 AND ended_at IS NULL
       AND (families.grant_id IS NULL OR grants.id IS NOT NULL)`,
  )
  const refreshes = engine.prepare(
    `SELECT spent_at / ${dayMs} AS day, count(*) FROM (
       SELECT spent_at FROM families JOIN generations ON generations.family_id = families.id
       WHERE families.client_id = $1 AND spent_at >= $2
         AND EXISTS (SELECT 1 FROM apps WHERE apps.client_id = $1 AND owner_id = $3)
       LIMIT $4) AS spent GROUP BY day ORDER BY day`,
  )
  const expired = engine.prepare(
    `SELECT 1 FROM generations WHERE access_hash = $1 AND access_expires_at <= $2 AND access_expires_at > ${revokedAt}`,
  )

  return {
    redeemCode: async ({ codeHash, clientId, revision, redirectUri, expected, tokens, now }) => {
      const row = await redeem.get(
        codeHash,
        clientId,
        revision,
        redirectUri,
        expected.S256,
        expected.plain,
        tokens.accessHash,
        tokens.refreshHash,
        tokens.accessExpiresAt,
        tokens.refreshExpiresAt,
        now,
      )
      const [tag, scopes, personId] = row as Row
      if (tag === 'Redeemed') return { _tag: tag, scopes: scopes as number, personId: personId as number }
      if (parts.includes(tag as string)) return { _tag: 'Mismatched', part: tag as Part }
      return { _tag: tag as Exclude<RedeemCodeResult['_tag'], 'Redeemed' | 'Mismatched'> }
    },
    rotateRefreshToken: async (rotation) => {
      const { tokens } = rotation
      const row = await rotate.get(
        rotation.refreshHash,
        rotation.clientId,
        rotation.revision,
        rotation.narrowTo,
        rotation.accessBeforeUntil,
        rotation.salt,
        tokens.accessHash,
        tokens.refreshHash,
        tokens.accessExpiresAt,
        tokens.refreshExpiresAt,
        Number(rotation.graceless),
        rotation.familyLifetime,
        rotation.now,
      )
      const [tag, granted, personId, salt, spentAt] = row as Row
      const scopes = granted as number
      if (tag === 'Rotated') return { _tag: tag, scopes, personId: personId as number }
      if (tag === 'Replayed') return { _tag: tag, scopes, salt: salt as Uint8Array, spentAt: spentAt as number }
      return { _tag: tag as Exclude<RotateResult['_tag'], 'Rotated' | 'Replayed'> }
    },
    issueToClient: async ({ clientId, revision, scopes, accessHash, expiresAt, now }) => ({
      _tag: (await issue.get(clientId, revision, scopes, accessHash, expiresAt, now))?.[0] as 'Issued' | 'Stale',
    }),
    revoke: async ({ hash, by, now }) => {
      const [clientId, personId] = by._tag === 'Client' ? [by.clientId, null] : [null, by.personId]
      return { _tag: (await revoke.get(hash, clientId, personId, now))?.[0] as 'Revoked' | 'NotFound' }
    },
    refreshesOf: async ({ clientId, ownerId, since, most }) =>
      (await refreshes.all(clientId, since, ownerId, most)).map((row) => ({
        day: (row[0] as number) * dayMs,
        refreshes: row[1] as number,
      })),
    hasExpired: async (accessHash, now) => (await expired.get(accessHash, now)) !== undefined,
    find: async (accessHash, now) => {
      const row = await find.get(accessHash, now)
      return row ? liveTokenOf(row) : null
    },
  }
}
