/** Spending within what there is and what was allowed. */
import { defined } from './defined.ts'

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

export const walletFunctions: readonly string[] = [spend]
