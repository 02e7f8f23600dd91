/** Clean-up in bounded batches, and emptying everything. */
import { replayWindow } from '../../storage/tokens.ts'
import { defined } from './defined.ts'

/** One `DELETE` of at most `batch` rows, past those that others hold, counted. */
const bounded = (table: string, key: string, where: string): string => `
  DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;`

const usedCodeMemory = 7 * 86_400_000

// What a removal or a deletion left behind is found by walking the grants and the sign-ins, a stretch at a time: the
// caller remembers how far it came.
const sweep = defined(
  'civitai_sweep(now_ bigint, batch integer, grants_from bigint, families_from bigint)',
  'TABLE (total bigint, grants_to bigint, families_to bigint)',
  `
DECLARE swept bigint := 0; n bigint; g bigint; f bigint;
BEGIN
  UPDATE generations SET salt = NULL WHERE access_hash IN (SELECT access_hash FROM generations
    WHERE salt IS NOT NULL AND spent_at < now_ - ${replayWindow} LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  ${bounded('sessions', 'id_hash', 'expires_at <= now_')}
  ${bounded('requests', 'id_hash', 'expires_at <= now_')}
  ${bounded('devices', 'code_hash', 'expires_at <= now_')}
  ${bounded('rate_windows', 'key', 'ends_at <= now_')}
  ${bounded('codes', 'hash', `expires_at <= now_ - ${usedCodeMemory}`)}
  ${bounded('generations', 'access_hash', 'coalesce(refresh_expires_at, access_expires_at) <= now_')}
  SELECT max(id) INTO g FROM (SELECT id FROM grants WHERE id > grants_from ORDER BY id LIMIT batch) walked;
  ${bounded('grants', 'id', 'id > grants_from AND id <= g AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = grants.client_id)')}
  SELECT max(id) INTO f FROM (SELECT id FROM families WHERE id > families_from ORDER BY id LIMIT batch) walked;
  ${bounded(
    'generations',
    'access_hash',
    `family_id IN (SELECT id FROM families WHERE id > families_from AND id <= f
      AND (NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = families.client_id)
        OR (grant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id))))`,
  )}
  ${bounded(
    'families',
    'id',
    `id > families_from AND id <= f
      AND NOT EXISTS (SELECT 1 FROM generations WHERE family_id = families.id)
      AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.family_id = families.id)`,
  )}
  RETURN QUERY SELECT swept, coalesce(g, 0), coalesce(f, 0);
END`,
)

const tables = [
  'people',
  'sessions',
  'apps',
  'requests',
  'devices',
  'grants',
  'families',
  'codes',
  'generations',
  'api_keys',
  'wallets',
  'ledger',
  'workflows',
  'posts',
  'verifications',
  'rate_windows',
  'audit',
]

/** For small data: of a large database, drop the schema instead. */
const wipe = defined(
  'civitai_wipe()',
  'void',
  `\nBEGIN\n${tables.map((table) => `  DELETE FROM ${table};`).join('\n')}\nEND`,
)

export const upkeepFunctions: readonly string[] = [sweep, wipe]
