/** Codes and tokens: the row that callers race for is locked first. */
import { revokedAt, replayWindow } from '../../storage/tokens.ts'
import { defined } from './defined.ts'

/** Last use of a grant is kept to the minute. */
const usedResolution = 60_000

const redeemCode = defined(
  `civitai_redeem_code(code bytea, client text, revision_ integer, address text, s256 text, plain text, access bytea,
    refresh bytea, access_expires bigint, refresh_expires bigint, now_ bigint)`,
  'TABLE (tag text, granted integer, person bigint)',
  `
DECLARE c codes%ROWTYPE; f families%ROWTYPE; a record; wrong text;
BEGIN
  SELECT * INTO c FROM codes WHERE hash = code FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'Unknown', 0, 0::bigint; RETURN; END IF;
  SELECT * INTO f FROM families WHERE id = c.family_id;
  SELECT apps.reach, apps.revision INTO a FROM apps WHERE client_id = c.client_id;
  IF NOT FOUND THEN RETURN QUERY SELECT 'Unknown', 0, 0::bigint; RETURN; END IF;
  wrong := CASE
    WHEN c.client_id <> client THEN 'client'
    WHEN c.redirect_uri <> address THEN 'redirect_uri'
    WHEN c.challenge = '' OR c.challenge <> CASE c.challenge_method WHEN 'plain' THEN plain ELSE s256 END THEN 'code_verifier'
  END;
  -- Before anything is said or done to it: by what has changed since, the app may not be who calls.
  IF c.client_id = client AND a.revision <> revision_ THEN RETURN QUERY SELECT 'Stale', 0, 0::bigint; RETURN; END IF;
  IF c.used_at IS NOT NULL THEN
    IF wrong IS NULL AND now_ - c.used_at <= ${replayWindow} THEN
      RETURN QUERY SELECT 'Repeated', 0, 0::bigint; RETURN;
    END IF;
    UPDATE families SET ended_at = now_ WHERE id = f.id AND ended_at IS NULL;
    IF FOUND THEN
      PERFORM civitai_note(now_, 'code-reused', c.client_id, f.person_id, NULL,
        json_build_object('reason', coalesce(wrong, 'late'))::text);
    END IF;
    RETURN QUERY SELECT 'Reused', 0, 0::bigint; RETURN;
  END IF;
  IF wrong IS NOT NULL THEN
    UPDATE codes SET used_at = now_ WHERE hash = code;
    UPDATE families SET ended_at = now_ WHERE id = f.id AND ended_at IS NULL;
    PERFORM civitai_note(now_, 'refused', c.client_id, f.person_id, NULL, json_build_object('reason', wrong)::text);
    RETURN QUERY SELECT wrong, 0, 0::bigint; RETURN;
  END IF;
  IF now_ >= c.expires_at THEN RETURN QUERY SELECT 'Expired', 0, 0::bigint; RETURN; END IF;
  IF f.ended_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM grants WHERE id = f.grant_id) THEN
    RETURN QUERY SELECT 'Ended', 0, 0::bigint; RETURN;
  END IF;
  UPDATE codes SET used_at = now_ WHERE hash = code;
  INSERT INTO generations (access_hash, refresh_hash, family_id, scopes, created_at, access_expires_at, refresh_expires_at)
    VALUES (access, refresh, f.id, f.scopes & a.reach, now_, access_expires, refresh_expires);
  UPDATE grants SET last_used_at = now_ WHERE id = f.grant_id;
  PERFORM civitai_note(now_, 'signed-in', client, f.person_id, NULL,
    json_build_object('scopes', (f.scopes & a.reach)::text)::text);
  RETURN QUERY SELECT 'Redeemed', f.scopes & a.reach, f.person_id;
END`,
)

const rotate = defined(
  `civitai_rotate(spent bytea, client text, revision_ integer, narrow_to integer, access_until bigint, salt_ bytea,
    access bytea, refresh bytea, access_expires bigint, refresh_expires bigint, graceless boolean, lifetime bigint,
    now_ bigint)`,
  'TABLE (tag text, granted integer, person bigint, old_salt bytea, spent_before bigint)',
  `
DECLARE g generations%ROWTYPE; f record; narrowed integer;
BEGIN
  SELECT * INTO g FROM generations WHERE refresh_hash = spent FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'Unknown', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
  SELECT families.*, apps.reach, apps.revision, grants.id AS granted_by, grants.last_used_at INTO f
    FROM families JOIN apps ON apps.client_id = families.client_id LEFT JOIN grants ON grants.id = families.grant_id
    WHERE families.id = g.family_id;
  IF NOT FOUND THEN RETURN QUERY SELECT 'Unknown', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
  IF f.client_id <> client THEN RETURN QUERY SELECT 'WrongClient', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
  -- Before anything is said or done to it: by what has changed since, the app may not be who calls.
  IF f.revision <> revision_ THEN RETURN QUERY SELECT 'Stale', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
  IF f.ended_at IS NOT NULL OR f.granted_by IS NULL THEN
    RETURN QUERY SELECT 'Ended', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN;
  END IF;
  IF g.spent_at IS NOT NULL THEN
    IF graceless THEN RETURN QUERY SELECT 'Unknown', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
    IF g.salt IS NOT NULL AND now_ - g.spent_at <= ${replayWindow} THEN
      RETURN QUERY SELECT 'Replayed', g.next_scopes, f.person_id, g.salt, g.spent_at; RETURN;
    END IF;
    UPDATE families SET ended_at = now_ WHERE id = f.id AND ended_at IS NULL;
    PERFORM civitai_note(now_, 'token-reused', client, f.person_id, NULL, '{}');
    RETURN QUERY SELECT 'Reused', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN;
  END IF;
  IF now_ >= g.refresh_expires_at THEN RETURN QUERY SELECT 'Expired', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN; END IF;
  IF narrow_to IS NOT NULL AND narrow_to & ~f.scopes <> 0 THEN
    RETURN QUERY SELECT 'TooWide', 0, 0::bigint, NULL::bytea, 0::bigint; RETURN;
  END IF;
  narrowed := coalesce(narrow_to, f.scopes) & f.reach;
  UPDATE generations SET spent_at = now_, salt = salt_, next_scopes = narrowed,
    access_expires_at = least(access_expires_at, access_until) WHERE access_hash = g.access_hash;
  INSERT INTO generations (access_hash, refresh_hash, family_id, scopes, created_at, access_expires_at, refresh_expires_at)
    VALUES (access, refresh, f.id, narrowed, now_, access_expires, least(refresh_expires, f.created_at + lifetime));
  IF now_ - coalesce(f.last_used_at, 0) > ${usedResolution} THEN
    UPDATE grants SET last_used_at = now_ WHERE id = f.granted_by;
  END IF;
  RETURN QUERY SELECT 'Rotated', narrowed, f.person_id, NULL::bytea, now_;
END`,
)

const issueToClient = defined(
  'civitai_issue_to_client(client text, revision_ integer, scopes_ integer, access bytea, expires bigint, now_ bigint)',
  'text',
  `
DECLARE family bigint;
BEGIN
  INSERT INTO families (person_id, client_id, scopes, created_at)
    SELECT owner_id, client_id, scopes_, now_ FROM apps WHERE client_id = client AND revision = revision_
    RETURNING id INTO family;
  IF NOT FOUND THEN RETURN 'Stale'; END IF;
  INSERT INTO generations (access_hash, family_id, scopes, created_at, access_expires_at)
    VALUES (access, family, scopes_, now_, expires);
  RETURN 'Issued';
END`,
)

const revoke = defined(
  'civitai_revoke(token bytea, client text, person bigint, now_ bigint)',
  'text',
  `
DECLARE t record;
BEGIN
  SELECT families.id, families.client_id, families.person_id, coalesce(refresh_hash = token, false) AS is_refresh INTO t
    FROM generations JOIN families ON families.id = family_id WHERE access_hash = token OR refresh_hash = token;
  IF NOT FOUND OR t.client_id <> client OR t.person_id <> person THEN RETURN 'NotFound'; END IF;
  IF t.is_refresh THEN UPDATE families SET ended_at = now_ WHERE id = t.id AND ended_at IS NULL;
  ELSE UPDATE generations SET access_expires_at = ${revokedAt} WHERE access_hash = token; END IF;
  PERFORM civitai_note(now_, 'token-revoked', t.client_id, t.person_id, NULL, json_build_object(
    'token', CASE WHEN t.is_refresh THEN 'refresh' ELSE 'access' END,
    'by', CASE WHEN client IS NULL THEN 'person' ELSE 'client' END)::text);
  RETURN 'Revoked';
END`,
)

export const tokensFunctions: readonly string[] = [redeemCode, rotate, issueToClient, revoke]
