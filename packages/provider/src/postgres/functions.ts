/**
 * The protocol's operations that look before they write, each as one function: one statement to the caller, one
 * transaction to everybody else. The row that callers race for is locked first, so the loser sees what the winner did.
 */
import { revokedAt, replayWindow } from '../storage/tokens.ts'

/** Last use of a grant is kept to the minute. */
const usedResolution = 60_000

/** Replaced in place, so that statements prepared elsewhere go on working. What changes its answer takes a new name. */
const defined = (signature: string, returns: string, body: string): string => `
CREATE OR REPLACE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql AS $function$${body}$function$;`

const note = defined(
  'civitai_note(at_ bigint, kind_ text, client text, person bigint, actor bigint, detail_ text)',
  'void',
  `
BEGIN
  INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
  VALUES (at_, kind_, client, (SELECT owner_id FROM apps WHERE client_id = client), person, actor, detail_);
END`,
)

const issueCode = defined(
  `civitai_issue_code(grant_ bigint, person bigint, client text, code bytea, address text, challenge_ text, method text,
    scopes_ integer, expires bigint, now_ bigint)`,
  'void',
  `
DECLARE family bigint;
BEGIN
  INSERT INTO families (grant_id, person_id, client_id, scopes, created_at)
    VALUES (grant_, person, client, scopes_, now_) RETURNING id INTO family;
  INSERT INTO codes (hash, family_id, client_id, redirect_uri, challenge, challenge_method, expires_at)
    VALUES (code, family, client, address, challenge_, method, expires);
END`,
)

const recordConsent = defined(
  `civitai_record_consent(request bytea, session bytea, person bigint, client text, revision_ integer, remember boolean,
    has_limit boolean, limit_ text, salt_ bytea, code bytea, address text, challenge_ text, method text,
    scopes_ integer, expires bigint, now_ bigint)`,
  'TABLE (tag text, old_salt bytea)',
  `
DECLARE r requests%ROWTYPE; grant_ bigint;
BEGIN
  SELECT * INTO r FROM requests WHERE id_hash = request AND session_hash = session AND expires_at > now_ FOR UPDATE;
  IF NOT FOUND OR r.client_id <> client THEN RETURN QUERY SELECT 'Gone', NULL::bytea; RETURN; END IF;
  IF r.answered_at IS NOT NULL THEN
    IF r.approved = 1 AND now_ - r.answered_at <= ${replayWindow} THEN RETURN QUERY SELECT 'Repeated', r.salt;
    ELSE RETURN QUERY SELECT 'Gone', NULL::bytea; END IF;
    RETURN;
  END IF;
  IF r.device_hash IS NOT NULL THEN
    PERFORM 1 FROM devices WHERE code_hash = r.device_hash AND expires_at > now_ AND approved IS NULL FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT 'Gone', NULL::bytea; RETURN; END IF;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM apps WHERE client_id = client AND revision = revision_) THEN
    RETURN QUERY SELECT 'Stale', NULL::bytea; RETURN;
  END IF;
  UPDATE requests SET answered_at = now_, approved = 1, salt = salt_ WHERE id_hash = request;
  INSERT INTO grants AS g (person_id, client_id, scopes, remembered, buzz_limit, created_at)
    VALUES (person, client, scopes_, CASE WHEN remember THEN scopes_ ELSE 0 END, limit_, now_)
    ON CONFLICT (person_id, client_id) DO UPDATE SET
      scopes = g.scopes | excluded.scopes,
      remembered = CASE WHEN remember THEN g.remembered | excluded.scopes ELSE 0 END,
      buzz_limit = CASE WHEN has_limit THEN excluded.buzz_limit ELSE g.buzz_limit END
    RETURNING g.id INTO grant_;
  IF r.device_hash IS NOT NULL THEN UPDATE devices SET approved = 1 WHERE code_hash = r.device_hash; END IF;
  PERFORM civitai_issue_code(grant_, person, client, coalesce(r.device_hash, code), address, challenge_, method, scopes_,
    expires, now_);
  PERFORM civitai_note(now_, 'granted', client, person, NULL, json_build_object(
    'remembered', CASE WHEN remember THEN 'yes' ELSE 'no' END, 'scopes', scopes_::text)::text);
  RETURN QUERY SELECT 'Recorded', NULL::bytea;
END`,
)

const recordDenial = defined(
  'civitai_record_denial(request bytea, session bytea, person bigint, now_ bigint)',
  'text',
  `
DECLARE r requests%ROWTYPE;
BEGIN
  SELECT * INTO r FROM requests WHERE id_hash = request AND session_hash = session AND expires_at > now_ FOR UPDATE;
  IF NOT FOUND THEN RETURN 'Gone'; END IF;
  IF r.answered_at IS NOT NULL THEN RETURN CASE WHEN r.approved = 1 THEN 'Gone' ELSE 'Recorded' END; END IF;
  IF r.device_hash IS NOT NULL THEN
    PERFORM 1 FROM devices WHERE code_hash = r.device_hash AND expires_at > now_ AND approved IS NULL FOR UPDATE;
    IF NOT FOUND THEN RETURN 'Gone'; END IF;
  END IF;
  UPDATE requests SET answered_at = now_, approved = 0 WHERE id_hash = request;
  IF r.device_hash IS NOT NULL THEN UPDATE devices SET approved = 0 WHERE code_hash = r.device_hash; END IF;
  PERFORM civitai_note(now_, 'refused', r.client_id, person, NULL, '{"reason":"denied"}');
  RETURN 'Recorded';
END`,
)

const approveDirectly = defined(
  `civitai_approve_directly(person bigint, client text, revision_ integer, by_token bytea, code bytea, address text,
    challenge_ text, method text, scopes_ integer, expires bigint, now_ bigint)`,
  'text',
  `
DECLARE grant_ bigint;
BEGIN
  IF by_token IS NOT NULL THEN
    PERFORM 1 FROM generations JOIN families ON families.id = family_id JOIN grants ON grants.id = grant_id
      WHERE access_hash = by_token AND access_expires_at > now_ AND ended_at IS NULL FOR UPDATE OF grants;
    IF NOT FOUND THEN RETURN 'Ended'; END IF;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM apps WHERE client_id = client AND revision = revision_) THEN RETURN 'Stale'; END IF;
  INSERT INTO grants AS g (person_id, client_id, scopes, remembered, created_at) VALUES (person, client, scopes_, 0, now_)
    ON CONFLICT (person_id, client_id) DO UPDATE SET scopes = g.scopes | excluded.scopes RETURNING g.id INTO grant_;
  PERFORM civitai_issue_code(grant_, person, client, code, address, challenge_, method, scopes_, expires, now_);
  PERFORM civitai_note(now_, 'granted', client, person, NULL,
    json_build_object('remembered', 'no', 'scopes', scopes_::text, 'by', 'api')::text);
  RETURN 'Recorded';
END`,
)

const approveRemembered = defined(
  `civitai_approve_remembered(person bigint, client text, revision_ integer, code bytea, address text, challenge_ text,
    method text, scopes_ integer, expires bigint, now_ bigint)`,
  'text',
  `
DECLARE g grants%ROWTYPE;
BEGIN
  SELECT * INTO g FROM grants WHERE person_id = person AND client_id = client FOR SHARE;
  IF NOT FOUND OR scopes_ & ~g.remembered <> 0 THEN RETURN 'NotCovered'; END IF;
  IF NOT EXISTS (SELECT 1 FROM apps WHERE client_id = client AND revision = revision_) THEN RETURN 'Stale'; END IF;
  PERFORM civitai_issue_code(g.id, person, client, code, address, challenge_, method, scopes_, expires, now_);
  RETURN 'Recorded';
END`,
)

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

const poll = defined(
  'civitai_poll_device(code bytea, client text, now_ bigint)',
  'text',
  `
DECLARE d devices%ROWTYPE; too_soon boolean;
BEGIN
  SELECT * INTO d FROM devices WHERE code_hash = code FOR UPDATE;
  IF NOT FOUND OR d.client_id <> client THEN RETURN 'Unknown'; END IF;
  IF d.approved IS NOT NULL THEN RETURN CASE WHEN d.approved = 1 THEN 'Approved' ELSE 'Denied' END; END IF;
  IF now_ >= d.expires_at THEN RETURN 'Expired'; END IF;
  -- What another process wrote down by a clock that runs ahead tells nothing.
  too_soon := d.polled_at IS NOT NULL AND now_ >= d.polled_at AND now_ - d.polled_at < d.pace * 1000;
  UPDATE devices SET polled_at = now_, pace = pace + CASE WHEN too_soon THEN 5 ELSE 0 END WHERE code_hash = code;
  RETURN CASE WHEN too_soon THEN 'TooSoon' ELSE 'Waiting' END;
END`,
)

const deleteApp = defined(
  'civitai_delete_app(client text, owner bigint, now_ bigint)',
  'TABLE (people bigint, tokens bigint)',
  `
DECLARE app apps%ROWTYPE; n record;
BEGIN
  SELECT * INTO app FROM apps WHERE client_id = client AND owner_id = owner FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO n FROM civitai_count(client, now_);
  PERFORM civitai_note(now_, 'app-deleted', client, owner, NULL,
    json_build_object('name', app.name, 'people', n.people::text, 'tokens', n.tokens::text)::text);
  DELETE FROM apps WHERE client_id = client;
  RETURN QUERY SELECT n.people, n.tokens;
END`,
)

const count = defined(
  'civitai_count(client text, now_ bigint)',
  'TABLE (people bigint, tokens bigint)',
  `
BEGIN
  RETURN QUERY SELECT
    (SELECT count(*) FROM grants WHERE grants.client_id = client),
    (SELECT coalesce(sum((access_expires_at > now_)::int
        + (refresh_hash IS NOT NULL AND spent_at IS NULL AND refresh_expires_at > now_)::int), 0)
     FROM families JOIN generations ON generations.family_id = families.id
     WHERE families.client_id = client AND ended_at IS NULL
       AND (grant_id IS NULL OR EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))::bigint;
END`,
)

const spend = defined(
  `civitai_spend(person bigint, client text, currency_ text, amount_ bigint, reason_ text, by_token bytea, limit_ text,
    caps text, workflow text, body_ text, ready bigint, now_ bigint)`,
  'TABLE (tag text, left_ bigint)',
  `
DECLARE has bigint; cap record; used bigint; refused text; lives_by bigint;
BEGIN
  -- Every spend of this person in this currency waits here for the one before it.
  SELECT balance INTO has FROM wallets WHERE person_id = person AND currency = currency_ FOR UPDATE;
  IF by_token IS NOT NULL THEN
    SELECT families.grant_id INTO lives_by
      FROM generations JOIN families ON families.id = family_id JOIN apps ON apps.client_id = families.client_id
      WHERE access_hash = by_token AND access_expires_at > now_ AND ended_at IS NULL;
    -- The grant stays until this is done: whoever removes it waits, or was first and this finds none.
    IF FOUND AND lives_by IS NOT NULL THEN PERFORM 1 FROM grants WHERE id = lives_by FOR SHARE; END IF;
    IF NOT FOUND THEN RETURN QUERY SELECT 'Ended', 0::bigint; RETURN; END IF;
  END IF;
  IF (SELECT buzz_limit FROM grants WHERE person_id = person AND client_id = client) IS DISTINCT FROM limit_ THEN
    RETURN QUERY SELECT 'Stale', 0::bigint; RETURN;
  END IF;
  IF coalesce(has, 0) < amount_ THEN refused := 'balance'; END IF;
  IF refused IS NULL THEN
    FOR cap IN SELECT * FROM json_to_recordset(caps::json) AS c("limit" bigint, since bigint, currencies json) LOOP
      SELECT coalesce(sum(-amount), 0) INTO used FROM ledger
        WHERE person_id = person AND client_id = client AND at >= coalesce(cap.since, 0) AND amount < 0
          AND (cap.currencies IS NULL OR json_typeof(cap.currencies) = 'null'
            OR currency IN (SELECT json_array_elements_text(cap.currencies)));
      IF used + amount_ > cap."limit" THEN refused := 'limit'; END IF;
    END LOOP;
  END IF;
  IF refused IS NOT NULL THEN
    PERFORM civitai_note(now_, 'spend-refused', client, person, NULL,
      json_build_object('reason', refused, 'amount', amount_::text)::text);
    RETURN QUERY SELECT CASE refused WHEN 'balance' THEN 'Broke' ELSE 'Capped' END, 0::bigint; RETURN;
  END IF;
  UPDATE wallets SET balance = balance - amount_ WHERE person_id = person AND currency = currency_ RETURNING balance INTO has;
  INSERT INTO ledger (person_id, currency, amount, client_id, reason, at)
    VALUES (person, currency_, -amount_, client, reason_, now_);
  IF workflow IS NOT NULL THEN
    INSERT INTO workflows (id, person_id, client_id, body, cost, created_at, ready_at)
      VALUES (workflow, person, client, body_, amount_, now_, ready);
  END IF;
  RETURN QUERY SELECT 'Spent', has;
END`,
)

const createPerson = defined(
  `civitai_create_person(uuid_ text, username_ text, email_ text, verified smallint, picture_ text, staff_ smallint,
    sample_ smallint, password_ text, now_ bigint)`,
  'TABLE (tag text, id_ bigint)',
  `
DECLARE made bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM people WHERE lower(username) = lower(username_)) THEN
    RETURN QUERY SELECT 'username', 0::bigint; RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM people WHERE lower(email) = lower(email_)) THEN
    RETURN QUERY SELECT 'email', 0::bigint; RETURN;
  END IF;
  INSERT INTO people (uuid, username, email, email_verified, picture, staff, sample, password, created_at)
    VALUES (uuid_, username_, email_, verified, picture_, staff_, sample_, password_, now_) RETURNING id INTO made;
  RETURN QUERY SELECT 'Created', made;
EXCEPTION WHEN unique_violation THEN
  RETURN QUERY SELECT CASE WHEN EXISTS (SELECT 1 FROM people WHERE lower(username) = lower(username_))
    THEN 'username' ELSE 'email' END, 0::bigint;
END`,
)

const ask = defined(
  'civitai_ask_verification(client text, owner bigint, note_ text, links_ text, now_ bigint)',
  'text',
  `
DECLARE app apps%ROWTYPE;
BEGIN
  SELECT * INTO app FROM apps WHERE client_id = client AND owner_id = owner FOR UPDATE;
  IF NOT FOUND THEN RETURN 'NotFound'; END IF;
  IF app.verified = 1 THEN RETURN 'AlreadyVerified'; END IF;
  INSERT INTO verifications AS v (client_id, note, links, asked_at) VALUES (client, note_, links_, now_)
    ON CONFLICT (client_id) DO UPDATE SET note = excluded.note, links = excluded.links,
      asked_at = CASE WHEN v.decided_at IS NULL THEN v.asked_at ELSE excluded.asked_at END,
      decided_at = NULL, verified = NULL, reason = NULL;
  PERFORM civitai_note(now_, 'verification-asked', client, owner, NULL, '{}');
  RETURN 'Asked';
END`,
)

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

const appendOnly = `
CREATE OR REPLACE FUNCTION civitai_append_only() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  RAISE EXCEPTION 'append-only';
END$function$;
CREATE OR REPLACE TRIGGER audit_is_append_only BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION civitai_append_only();`

export const functions = [
  note,
  issueCode,
  recordConsent,
  recordDenial,
  approveDirectly,
  approveRemembered,
  redeemCode,
  rotate,
  issueToClient,
  revoke,
  poll,
  count,
  deleteApp,
  spend,
  createPerson,
  ask,
  sweep,
  wipe,
  appendOnly,
].join('\n')
