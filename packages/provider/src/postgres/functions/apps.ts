/** Counting and deleting an app. */
import { defined } from './defined.ts'

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

export const appsFunctions: readonly string[] = [count, deleteApp]
