SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
CREATE FUNCTION public.civitai_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'append-only';
END$$;
CREATE FUNCTION public.civitai_approve_directly(person bigint, client text, revision_ integer, by_token bytea, code bytea, address text, challenge_ text, method text, scopes_ integer, expires bigint, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_approve_remembered(person bigint, client text, revision_ integer, code bytea, address text, challenge_ text, method text, scopes_ integer, expires bigint, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE g grants%ROWTYPE;
BEGIN
  SELECT * INTO g FROM grants WHERE person_id = person AND client_id = client FOR SHARE;
  IF NOT FOUND OR scopes_ & ~g.remembered <> 0 THEN RETURN 'NotCovered'; END IF;
  IF NOT EXISTS (SELECT 1 FROM apps WHERE client_id = client AND revision = revision_) THEN RETURN 'Stale'; END IF;
  PERFORM civitai_issue_code(g.id, person, client, code, address, challenge_, method, scopes_, expires, now_);
  RETURN 'Recorded';
END$$;
CREATE FUNCTION public.civitai_ask_verification(client text, owner bigint, note_ text, links_ text, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_count(client text, now_ bigint) RETURNS TABLE(people bigint, tokens bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
  RETURN QUERY SELECT
    (SELECT count(*) FROM grants WHERE grants.client_id = client),
    (SELECT coalesce(sum((access_expires_at > now_)::int
        + (refresh_hash IS NOT NULL AND spent_at IS NULL AND refresh_expires_at > now_)::int), 0)
     FROM families JOIN generations ON generations.family_id = families.id
     WHERE families.client_id = client AND ended_at IS NULL
       AND (grant_id IS NULL OR EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))::bigint;
END$$;
CREATE FUNCTION public.civitai_create_person(uuid_ text, username_ text, email_ text, verified smallint, picture_ text, staff_ smallint, sample_ smallint, password_ text, now_ bigint) RETURNS TABLE(tag text, id_ bigint)
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_delete_app(client text, owner bigint, now_ bigint) RETURNS TABLE(people bigint, tokens bigint)
    LANGUAGE plpgsql
    AS $$
DECLARE app apps%ROWTYPE; n record;
BEGIN
  SELECT * INTO app FROM apps WHERE client_id = client AND owner_id = owner FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO n FROM civitai_count(client, now_);
  PERFORM civitai_note(now_, 'app-deleted', client, owner, NULL,
    json_build_object('name', app.name, 'people', n.people::text, 'tokens', n.tokens::text)::text);
  DELETE FROM apps WHERE client_id = client;
  RETURN QUERY SELECT n.people, n.tokens;
END$$;
CREATE FUNCTION public.civitai_issue_code(grant_ bigint, person bigint, client text, code bytea, address text, challenge_ text, method text, scopes_ integer, expires bigint, now_ bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE family bigint;
BEGIN
  INSERT INTO families (grant_id, person_id, client_id, scopes, created_at)
    VALUES (grant_, person, client, scopes_, now_) RETURNING id INTO family;
  INSERT INTO codes (hash, family_id, client_id, redirect_uri, challenge, challenge_method, expires_at)
    VALUES (code, family, client, address, challenge_, method, expires);
END$$;
CREATE FUNCTION public.civitai_issue_to_client(client text, revision_ integer, scopes_ integer, access bytea, expires bigint, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE family bigint;
BEGIN
  INSERT INTO families (person_id, client_id, scopes, created_at)
    SELECT owner_id, client_id, scopes_, now_ FROM apps WHERE client_id = client AND revision = revision_
    RETURNING id INTO family;
  IF NOT FOUND THEN RETURN 'Stale'; END IF;
  INSERT INTO generations (access_hash, family_id, scopes, created_at, access_expires_at)
    VALUES (access, family, scopes_, now_, expires);
  RETURN 'Issued';
END$$;
CREATE FUNCTION public.civitai_note(at_ bigint, kind_ text, client text, person bigint, actor bigint, detail_ text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
  VALUES (at_, kind_, client, (SELECT owner_id FROM apps WHERE client_id = client), person, actor, detail_);
END$$;
CREATE FUNCTION public.civitai_poll_device(code bytea, client text, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_record_consent(request bytea, session bytea, person bigint, client text, revision_ integer, remember boolean, has_limit boolean, limit_ text, salt_ bytea, code bytea, address text, challenge_ text, method text, scopes_ integer, expires bigint, now_ bigint) RETURNS TABLE(tag text, old_salt bytea)
    LANGUAGE plpgsql
    AS $$
DECLARE r requests%ROWTYPE; grant_ bigint;
BEGIN
  SELECT * INTO r FROM requests WHERE id_hash = request AND session_hash = session AND expires_at > now_ FOR UPDATE;
  IF NOT FOUND OR r.client_id <> client THEN RETURN QUERY SELECT 'Gone', NULL::bytea; RETURN; END IF;
  IF r.answered_at IS NOT NULL THEN
    IF r.approved = 1 AND now_ - r.answered_at <= 30000 THEN RETURN QUERY SELECT 'Repeated', r.salt;
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
END$$;
CREATE FUNCTION public.civitai_record_denial(request bytea, session bytea, person bigint, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_redeem_code(code bytea, client text, revision_ integer, address text, s256 text, plain text, access bytea, refresh bytea, access_expires bigint, refresh_expires bigint, now_ bigint) RETURNS TABLE(tag text, granted integer, person bigint)
    LANGUAGE plpgsql
    AS $$
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
    IF wrong IS NULL AND now_ - c.used_at <= 30000 THEN
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
END$$;
CREATE FUNCTION public.civitai_revoke(token bytea, client text, person bigint, now_ bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE t record;
BEGIN
  SELECT families.id, families.client_id, families.person_id, coalesce(refresh_hash = token, false) AS is_refresh INTO t
    FROM generations JOIN families ON families.id = family_id WHERE access_hash = token OR refresh_hash = token;
  IF NOT FOUND OR t.client_id <> client OR t.person_id <> person THEN RETURN 'NotFound'; END IF;
  IF t.is_refresh THEN UPDATE families SET ended_at = now_ WHERE id = t.id AND ended_at IS NULL;
  ELSE UPDATE generations SET access_expires_at = 0 WHERE access_hash = token; END IF;
  PERFORM civitai_note(now_, 'token-revoked', t.client_id, t.person_id, NULL, json_build_object(
    'token', CASE WHEN t.is_refresh THEN 'refresh' ELSE 'access' END,
    'by', CASE WHEN client IS NULL THEN 'person' ELSE 'client' END)::text);
  RETURN 'Revoked';
END$$;
CREATE FUNCTION public.civitai_rotate(spent bytea, client text, revision_ integer, narrow_to integer, access_until bigint, salt_ bytea, access bytea, refresh bytea, access_expires bigint, refresh_expires bigint, graceless boolean, lifetime bigint, now_ bigint) RETURNS TABLE(tag text, granted integer, person bigint, old_salt bytea, spent_before bigint)
    LANGUAGE plpgsql
    AS $$
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
    IF g.salt IS NOT NULL AND now_ - g.spent_at <= 30000 THEN
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
  IF now_ - coalesce(f.last_used_at, 0) > 60000 THEN
    UPDATE grants SET last_used_at = now_ WHERE id = f.granted_by;
  END IF;
  RETURN QUERY SELECT 'Rotated', narrowed, f.person_id, NULL::bytea, now_;
END$$;
CREATE FUNCTION public.civitai_spend(person bigint, client text, currency_ text, amount_ bigint, reason_ text, by_token bytea, limit_ text, caps text, workflow text, body_ text, ready bigint, now_ bigint) RETURNS TABLE(tag text, left_ bigint)
    LANGUAGE plpgsql
    AS $$
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
END$$;
CREATE FUNCTION public.civitai_sweep(now_ bigint, batch integer, grants_from bigint, families_from bigint) RETURNS TABLE(total bigint, grants_to bigint, families_to bigint)
    LANGUAGE plpgsql
    AS $$
DECLARE swept bigint := 0; n bigint; g bigint; f bigint;
BEGIN
  UPDATE generations SET salt = NULL WHERE access_hash IN (SELECT access_hash FROM generations
    WHERE salt IS NOT NULL AND spent_at < now_ - 30000 LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at <= now_ LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM requests WHERE id_hash IN (SELECT id_hash FROM requests WHERE expires_at <= now_ LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM devices WHERE code_hash IN (SELECT code_hash FROM devices WHERE expires_at <= now_ LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM rate_windows WHERE key IN (SELECT key FROM rate_windows WHERE ends_at <= now_ LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM codes WHERE hash IN (SELECT hash FROM codes WHERE expires_at <= now_ - 604800000 LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM generations WHERE access_hash IN (SELECT access_hash FROM generations WHERE coalesce(refresh_expires_at, access_expires_at) <= now_ LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  SELECT max(id) INTO g FROM (SELECT id FROM grants WHERE id > grants_from ORDER BY id LIMIT batch) walked;
  
  DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE id > grants_from AND id <= g AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = grants.client_id) LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  SELECT max(id) INTO f FROM (SELECT id FROM families WHERE id > families_from ORDER BY id LIMIT batch) walked;
  
  DELETE FROM generations WHERE access_hash IN (SELECT access_hash FROM generations WHERE family_id IN (SELECT id FROM families WHERE id > families_from AND id <= f
      AND (NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = families.client_id)
        OR (grant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))) LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  
  DELETE FROM families WHERE id IN (SELECT id FROM families WHERE id > families_from AND id <= f
      AND NOT EXISTS (SELECT 1 FROM generations WHERE family_id = families.id)
      AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.family_id = families.id) LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT; swept := swept + n;
  RETURN QUERY SELECT swept, coalesce(g, 0), coalesce(f, 0);
END$$;
CREATE FUNCTION public.civitai_wipe() RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  DELETE FROM people;
  DELETE FROM sessions;
  DELETE FROM apps;
  DELETE FROM requests;
  DELETE FROM devices;
  DELETE FROM grants;
  DELETE FROM families;
  DELETE FROM codes;
  DELETE FROM generations;
  DELETE FROM api_keys;
  DELETE FROM wallets;
  DELETE FROM ledger;
  DELETE FROM workflows;
  DELETE FROM posts;
  DELETE FROM verifications;
  DELETE FROM rate_windows;
  DELETE FROM audit;
END$$;
SET default_tablespace = '';
CREATE TABLE public.api_keys (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    name text NOT NULL,
    hint text NOT NULL,
    hash bytea NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint
);
ALTER TABLE public.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.apps (
    id bigint NOT NULL,
    client_id text NOT NULL,
    dialect text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    redirect_uris text NOT NULL,
    scopes integer NOT NULL,
    reach integer NOT NULL,
    type text NOT NULL,
    verified smallint NOT NULL,
    trusted smallint NOT NULL,
    owner_id bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version integer NOT NULL,
    revision integer NOT NULL,
    secret_hash bytea,
    secret_created_at bigint,
    secret_used_at bigint,
    next_hash bytea,
    next_created_at bigint,
    next_used_at bigint
);
ALTER TABLE public.apps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.apps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL,
    client_id text,
    owner_id bigint,
    person_id bigint,
    actor_id bigint,
    detail text NOT NULL
);
ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.codes (
    hash bytea NOT NULL,
    family_id bigint NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    challenge text NOT NULL,
    challenge_method text NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);
CREATE TABLE public.devices (
    code_hash bytea NOT NULL,
    user_code_hash bytea NOT NULL,
    client_id text NOT NULL,
    requested integer NOT NULL,
    expires_at bigint NOT NULL,
    pace integer NOT NULL,
    polled_at bigint,
    approved smallint
);
CREATE TABLE public.families (
    id bigint NOT NULL,
    grant_id bigint,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    scopes integer NOT NULL,
    created_at bigint NOT NULL,
    ended_at bigint
);
ALTER TABLE public.families ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.families_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.generations (
    access_hash bytea NOT NULL,
    refresh_hash bytea,
    family_id bigint NOT NULL,
    scopes integer NOT NULL,
    created_at bigint NOT NULL,
    access_expires_at bigint NOT NULL,
    refresh_expires_at bigint,
    spent_at bigint,
    salt bytea,
    next_scopes integer
);
CREATE TABLE public.grants (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    scopes integer NOT NULL,
    remembered integer NOT NULL,
    buzz_limit text,
    created_at bigint NOT NULL,
    last_used_at bigint
);
ALTER TABLE public.grants ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.grants_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.installation (
    name text NOT NULL,
    value bytea NOT NULL
);
CREATE TABLE public.ledger (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    client_id text,
    reason text NOT NULL,
    at bigint NOT NULL
);
ALTER TABLE public.ledger ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ledger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people (
    id bigint NOT NULL,
    uuid text NOT NULL,
    username text NOT NULL,
    email text,
    email_verified smallint NOT NULL,
    picture text,
    staff smallint NOT NULL,
    sample smallint NOT NULL,
    password text,
    created_at bigint NOT NULL
);
ALTER TABLE public.people ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.posts (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    client_id text,
    created_at bigint NOT NULL
);
ALTER TABLE public.posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.rate_windows (
    key text NOT NULL,
    count integer NOT NULL,
    ends_at bigint NOT NULL
);
CREATE TABLE public.requests (
    id_hash bytea NOT NULL,
    session_hash bytea NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    requested integer NOT NULL,
    offered integer NOT NULL,
    state text NOT NULL,
    challenge text NOT NULL,
    challenge_method text NOT NULL,
    device_hash bytea,
    expires_at bigint NOT NULL,
    answered_at bigint,
    approved smallint,
    salt bytea
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
CREATE TABLE public.sessions (
    id_hash bytea NOT NULL,
    person_id bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE public.verifications (
    client_id text NOT NULL,
    note text NOT NULL,
    links text NOT NULL,
    asked_at bigint NOT NULL,
    decided_at bigint,
    verified smallint,
    reason text
);
CREATE TABLE public.wallets (
    person_id bigint NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    CONSTRAINT wallets_balance_check CHECK ((balance >= 0))
);
CREATE TABLE public.workflows (
    id text NOT NULL,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    body text NOT NULL,
    cost bigint NOT NULL,
    created_at bigint NOT NULL,
    ready_at bigint NOT NULL
);
INSERT INTO public.api_keys OVERRIDING SYSTEM VALUE VALUES (1, 2, 'laptop', 'm6u8', '\x76ec43492aec53cd5480ba05c2a292fdf179b107f26387fda141174032399683', 1795219200000, 1795219200000);
INSERT INTO public.apps OVERRIDING SYSTEM VALUE VALUES (1, '587ded94-19fa-4182-aa4e-a46d7aeaf041', 'civitai', 'Radio', 'Plays what you made.', '["https://app.example.com/oauth/callback","http://localhost:3000/oauth/callback"]', 114689, 114689, 'confidential', 0, 0, 1, 1795219200000, 1795219200000, 1, 2, '\x3764ad23709ed2e587fe558f689823345737fd00254fd2ec91b054af3585f4ef', 1795219200000, 1795219200000, '\x31644e2fe88c9e807332bf8d772656a8263d49edc11bd348889013875f25ba26', 1795219200000, NULL);
INSERT INTO public.apps OVERRIDING SYSTEM VALUE VALUES (2, '0e192e16-85c4-4502-80e4-2608c676ab2f', 'quaily', 'Quail', 'Plays what you made.', '["http://localhost:4100/quaily/oauth/code"]', 2, 3, 'public', 0, 0, 1, 1795219200000, 1795219200000, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (1, 1795219200000, 'app-registered', '587ded94-19fa-4182-aa4e-a46d7aeaf041', 1, 1, NULL, '{"name" : "Radio"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (2, 1795219200000, 'secret-prepared', '587ded94-19fa-4182-aa4e-a46d7aeaf041', 1, 1, NULL, '{}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (3, 1795219200000, 'granted', '587ded94-19fa-4182-aa4e-a46d7aeaf041', 1, 2, NULL, '{"remembered" : "yes", "scopes" : "114689"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (4, 1795219200000, 'signed-in', '587ded94-19fa-4182-aa4e-a46d7aeaf041', 1, 2, NULL, '{"scopes" : "114689"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (5, 1795219200000, 'api-key-created', NULL, NULL, 2, NULL, '{"name" : "laptop"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (6, 1795219200000, 'app-registered', '0e192e16-85c4-4502-80e4-2608c676ab2f', 1, 1, NULL, '{"name" : "Quail"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (7, 1795219200000, 'granted', '0e192e16-85c4-4502-80e4-2608c676ab2f', 1, 2, NULL, '{"remembered" : "no", "scopes" : "2", "by" : "api"}');
INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (8, 1795219200000, 'signed-in', '0e192e16-85c4-4502-80e4-2608c676ab2f', 1, 2, NULL, '{"scopes" : "2"}');
INSERT INTO public.codes VALUES ('\xba2cf97e547687512322c07a6e0f709ac699aba2664cc0802ee0f68dbd0627e1', 1, '587ded94-19fa-4182-aa4e-a46d7aeaf041', 'https://app.example.com/oauth/callback', 'CrlVwe1WSHWuTQYh3iczmx3aS-faRx6C92k9_hNxl4A', 'S256', 1795219800000, 1795219200000);
INSERT INTO public.codes VALUES ('\x781b17304bfca0b3bdb70b92629af1fc058e9e20d648d99ba52bde38a2510997', 2, '0e192e16-85c4-4502-80e4-2608c676ab2f', 'http://localhost:4100/quaily/oauth/code', 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv', 'plain', 1795219800000, 1795219200000);
INSERT INTO public.families OVERRIDING SYSTEM VALUE VALUES (1, 1, 2, '587ded94-19fa-4182-aa4e-a46d7aeaf041', 114689, 1795219200000, NULL);
INSERT INTO public.families OVERRIDING SYSTEM VALUE VALUES (2, 2, 2, '0e192e16-85c4-4502-80e4-2608c676ab2f', 2, 1795219200000, NULL);
INSERT INTO public.generations VALUES ('\x6dd4d1c388b02fa6b1304c7bf5a6f3992f8cdb359e89dd8e372d5e8a84179f8d', '\xcc858046047e4f3ce39a1b077efd87d82847e5cf20d95285c523036460e82c4b', 1, 114689, 1795219200000, 1795219230000, 1797811200000, 1795219200000, '\xe632111f63065919281b0a358d20d36fdbbef22cd00fe844cc6619e36c53eded', 114689);
INSERT INTO public.generations VALUES ('\xb1015c7fa7ed3281d628c58c415ee4bb0deb81efc5335b5a97fc99f6fc43a05a', '\xfeb0a03181e410903d011c915f337830649981326da456c504a4261741480c4c', 1, 114689, 1795219200000, 1795222800000, 1797811200000, NULL, NULL, NULL);
INSERT INTO public.generations VALUES ('\x7758f6025b3ade48daa984fed04471e3cf12accc87e3df0a5cc95b54ad618949', '\x157066be60c93bb37bd4d8a4e50d99ccb61a4833ac9271a8ce05594219fd6132', 2, 2, 1795219200000, 1797811200000, 1826755200000, NULL, NULL, NULL);
INSERT INTO public.grants OVERRIDING SYSTEM VALUE VALUES (1, 2, '587ded94-19fa-4182-aa4e-a46d7aeaf041', 114689, 114689, NULL, 1795219200000, 1795219200000);
INSERT INTO public.grants OVERRIDING SYSTEM VALUE VALUES (2, 2, '0e192e16-85c4-4502-80e4-2608c676ab2f', 2, 0, NULL, 1795219200000, 1795219200000);
INSERT INTO public.installation VALUES ('pairwise', '\x0e7a5b85f78f4137a571e2c08606f05e8dd45f49087441699b31e3924464a5b1');
INSERT INTO public.ledger OVERRIDING SYSTEM VALUE VALUES (1, 1, 'yellow', 10000, NULL, 'To begin with', 1795219200000);
INSERT INTO public.ledger OVERRIDING SYSTEM VALUE VALUES (2, 1, 'credit', 1000, NULL, 'To begin with', 1795219200000);
INSERT INTO public.ledger OVERRIDING SYSTEM VALUE VALUES (3, 2, 'yellow', 10000, NULL, 'To begin with', 1795219200000);
INSERT INTO public.ledger OVERRIDING SYSTEM VALUE VALUES (4, 2, 'credit', 1000, NULL, 'To begin with', 1795219200000);
INSERT INTO public.people OVERRIDING SYSTEM VALUE VALUES (1, '80dd239a-0495-4515-9b2c-8489bd7cc3a3', 'ada', 'ada@example.com', 1, NULL, 0, 1, NULL, 1795219200000);
INSERT INTO public.people OVERRIDING SYSTEM VALUE VALUES (2, 'fa1c3779-9c96-4e44-8d5a-f7c2998369a0', 'bob', 'bob@example.com', 1, NULL, 0, 1, NULL, 1795219200000);
INSERT INTO public.requests VALUES ('\xac826e57d68fc78106e8ce8efa283976627542ae6e02d1780742938acc859b73', '\xa15c188734f3efa0bafac7f8b6bd91e5304e80d54a1ecad3d5bda47081d258af', '587ded94-19fa-4182-aa4e-a46d7aeaf041', 'https://app.example.com/oauth/callback', 114689, 114689, 'a-state', 'CrlVwe1WSHWuTQYh3iczmx3aS-faRx6C92k9_hNxl4A', 'S256', NULL, 1795221000000, 1795219200000, 1, '\x6d2cab4ecb343d2300a0c752af337922acaa9ae5dfd0d9919c5ff297f3bca9b7');
INSERT INTO public.schema_version VALUES (1);
INSERT INTO public.sessions VALUES ('\xa15c188734f3efa0bafac7f8b6bd91e5304e80d54a1ecad3d5bda47081d258af', 2, 1795219200000, 1797811200000);
INSERT INTO public.wallets VALUES (1, 'yellow', 10000);
INSERT INTO public.wallets VALUES (1, 'credit', 1000);
INSERT INTO public.wallets VALUES (2, 'yellow', 10000);
INSERT INTO public.wallets VALUES (2, 'credit', 1000);
SELECT pg_catalog.setval('public.api_keys_id_seq', 1, true);
SELECT pg_catalog.setval('public.apps_id_seq', 2, true);
SELECT pg_catalog.setval('public.audit_id_seq', 8, true);
SELECT pg_catalog.setval('public.families_id_seq', 2, true);
SELECT pg_catalog.setval('public.grants_id_seq', 2, true);
SELECT pg_catalog.setval('public.ledger_id_seq', 4, true);
SELECT pg_catalog.setval('public.people_id_seq', 2, true);
SELECT pg_catalog.setval('public.posts_id_seq', 1, false);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.apps
    ADD CONSTRAINT apps_client_id_key UNIQUE (client_id);
ALTER TABLE ONLY public.apps
    ADD CONSTRAINT apps_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.codes
    ADD CONSTRAINT codes_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_user_code_hash_key UNIQUE (user_code_hash);
ALTER TABLE ONLY public.families
    ADD CONSTRAINT families_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.generations
    ADD CONSTRAINT generations_pkey PRIMARY KEY (access_hash);
ALTER TABLE ONLY public.generations
    ADD CONSTRAINT generations_refresh_hash_key UNIQUE (refresh_hash);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_person_id_client_id_key UNIQUE (person_id, client_id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_uuid_key UNIQUE (uuid);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rate_windows
    ADD CONSTRAINT rate_windows_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (id_hash);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id_hash);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (client_id);
ALTER TABLE ONLY public.wallets
    ADD CONSTRAINT wallets_pkey PRIMARY KEY (person_id, currency);
ALTER TABLE ONLY public.workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (id);
CREATE INDEX api_keys_of_person ON public.api_keys USING btree (person_id);
CREATE INDEX apps_of_owner ON public.apps USING btree (owner_id, id);
CREATE INDEX audit_of_app ON public.audit USING btree (client_id, id);
CREATE INDEX audit_of_person ON public.audit USING btree (person_id, id);
CREATE INDEX codes_of_family ON public.codes USING btree (family_id);
CREATE INDEX codes_over ON public.codes USING btree (expires_at);
CREATE INDEX families_of_app ON public.families USING btree (client_id);
CREATE INDEX generations_of_family ON public.generations USING btree (family_id);
CREATE INDEX generations_over ON public.generations USING btree (COALESCE(refresh_expires_at, access_expires_at));
CREATE INDEX generations_replayable ON public.generations USING btree (spent_at) WHERE (salt IS NOT NULL);
CREATE INDEX grants_of_app ON public.grants USING btree (client_id);
CREATE INDEX ledger_of_grant ON public.ledger USING btree (person_id, client_id, at) WHERE (client_id IS NOT NULL);
CREATE INDEX ledger_of_person ON public.ledger USING btree (person_id, currency, id);
CREATE UNIQUE INDEX people_email ON public.people USING btree (lower(email));
CREATE UNIQUE INDEX people_username ON public.people USING btree (lower(username));
CREATE INDEX posts_of_person ON public.posts USING btree (person_id, id);
CREATE INDEX rate_windows_over ON public.rate_windows USING btree (ends_at);
CREATE INDEX requests_over ON public.requests USING btree (expires_at);
CREATE INDEX sessions_of_person ON public.sessions USING btree (person_id);
CREATE INDEX sessions_over ON public.sessions USING btree (expires_at);
CREATE INDEX workflows_of_person ON public.workflows USING btree (person_id, created_at);
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.civitai_append_only();
