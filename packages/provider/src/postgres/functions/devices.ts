/** A device asking whether its person agreed. */
import { defined } from './defined.ts'

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

export const devicesFunctions: readonly string[] = [poll]
