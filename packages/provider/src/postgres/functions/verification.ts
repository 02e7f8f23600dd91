/** Asking for verification. */
import { defined } from './defined.ts'

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

export const verificationFunctions: readonly string[] = [ask]
