/** What a person's answer does: the grant and the code, at one moment. */
import { replayWindow } from '../../storage/tokens.ts'
import { defined } from './defined.ts'

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

export const consentsFunctions: readonly string[] = [
  issueCode,
  recordConsent,
  recordDenial,
  approveDirectly,
  approveRemembered,
]
