import { appColumns, appOf, appWidth } from '../rows/app.ts'
import { grantColumns, grantOf, pendingColumns, pendingOf } from '../rows/consent.ts'
import type { Row, Value } from '../rows/row.ts'
import type { ConsentStorage, GrantStorage, NewCode, RecordConsentResult } from '../storage/consents.ts'
import type { Engine } from './engine.ts'

const places = (count: number): string => Array.from({ length: count }, (_, at) => `$${at + 1}`).join(', ')

const codeValues = ({
  hash,
  redirectUri,
  challenge,
  challengeMethod,
  scopes,
  expiresAt,
}: NewCode): readonly Value[] => [hash, redirectUri, challenge, challengeMethod, scopes, expiresAt]

export const consentStorage = (engine: Engine): ConsentStorage => {
  const keep = engine.prepare(
    `INSERT INTO requests (id_hash, session_hash, client_id, redirect_uri, requested, offered, state, challenge,
       challenge_method, device_hash, expires_at) VALUES (${places(11)})`,
  )
  const find = engine.prepare(
    `SELECT ${pendingColumns} FROM requests WHERE id_hash = $1 AND session_hash = $2 AND expires_at > $3`,
  )
  const record = engine.prepare(`SELECT tag, old_salt FROM civitai_record_consent(${places(16)})`)
  const deny = engine.prepare('SELECT civitai_record_denial($1, $2, $3, $4)')
  const directly = engine.prepare(`SELECT civitai_approve_directly(${places(11)})`)
  const remembered = engine.prepare(`SELECT civitai_approve_remembered(${places(10)})`)
  const tagOf = <Tag extends string>(row: Row | undefined): { readonly _tag: Tag } => ({ _tag: row?.[0] as Tag })

  return {
    keep: async ({ hash, sessionHash, expiresAt, ...request }) =>
      void (await keep.run(
        hash,
        sessionHash,
        request.clientId,
        request.redirectUri,
        request.requested,
        request.offered,
        request.state,
        request.challenge,
        request.challengeMethod,
        request.device,
        expiresAt,
      )),
    find: async (requestHash, sessionHash, now) => {
      const row = await find.get(requestHash, sessionHash, now)
      return row ? pendingOf(row) : null
    },
    recordConsent: async (approval) => {
      const { requestHash, sessionHash, personId, clientId, revision, remember, buzzLimit, salt, code, now } = approval
      const row = await record.get(
        requestHash,
        sessionHash,
        personId,
        clientId,
        revision,
        Number(remember),
        Number(buzzLimit !== undefined),
        buzzLimit ? JSON.stringify(buzzLimit) : null,
        salt,
        ...codeValues(code),
        now,
      )
      const [tag, old] = row as Row
      return tag === 'Repeated'
        ? { _tag: 'Repeated', salt: old as Uint8Array }
        : { _tag: tag as Exclude<RecordConsentResult['_tag'], 'Repeated'> }
    },
    recordDenial: async ({ requestHash, sessionHash, personId, now }) =>
      tagOf(await deny.get(requestHash, sessionHash, personId, now)),
    approveDirectly: async ({ personId, clientId, revision, byToken, code, now }) =>
      tagOf(await directly.get(personId, clientId, revision, byToken, ...codeValues(code), now)),
    approveRemembered: async ({ personId, clientId, revision, code, now }) =>
      tagOf(await remembered.get(personId, clientId, revision, ...codeValues(code), now)),
  }
}

export const grantStorage = (engine: Engine): GrantStorage => {
  const joined = 'FROM grants JOIN apps ON apps.client_id = grants.client_id'
  const find = engine.prepare(`SELECT ${grantColumns} ${joined} WHERE person_id = $1 AND grants.client_id = $2`)
  const list = engine.prepare(
    `SELECT ${appColumns}, ${grantColumns} ${joined} WHERE person_id = $1 ORDER BY grants.id DESC LIMIT 5000`,
  )
  const noted = (change: string, kind: string, detail: string, at: string) =>
    engine.prepare(
      `WITH changed AS (${change})
       SELECT civitai_note(${at}, '${kind}', client_id, person_id, NULL, ${detail}) FROM changed`,
    )
  const limit = noted(
    'UPDATE grants SET buzz_limit = $3 WHERE person_id = $1 AND client_id = $2 RETURNING client_id, person_id',
    'buzz-limit-changed',
    `json_build_object('limit', coalesce($3, 'none'))::text`,
    '$4',
  )
  const revoke = noted(
    'DELETE FROM grants WHERE person_id = $1 AND client_id = $2 RETURNING client_id, person_id',
    'grant-revoked',
    `'{}'`,
    '$3',
  )
  return {
    find: async (personId, clientId) => {
      const row = await find.get(personId, clientId)
      return row ? grantOf(row) : null
    },
    list: async (personId) =>
      (await list.all(personId)).map((row) => ({ app: appOf(row), grant: grantOf(row, appWidth) })),
    setBuzzLimit: async (personId, clientId, value, now) => {
      const text = value && JSON.stringify(value)
      return { _tag: (await limit.get(personId, clientId, text, now)) ? 'Changed' : 'NotFound' }
    },
    revoke: async (personId, clientId, now) => ({
      _tag: (await revoke.get(personId, clientId, now)) ? 'Revoked' : 'NotFound',
    }),
  }
}
