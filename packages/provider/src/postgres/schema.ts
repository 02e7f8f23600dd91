/**
 * The tables, as a list of steps forward, and the functions, which are laid down anew at every opening. A step that was
 * released is never changed. Both run in one transaction under an advisory lock, so that processes that start together do
 * not meet. Column kinds are those of the SQLite tables: rows are read by the same code.
 */
import { functions } from './functions.ts'

const steps: readonly string[] = [
  `
  CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid text NOT NULL UNIQUE,
    username text NOT NULL,
    email text,
    email_verified smallint NOT NULL,
    picture text,
    staff smallint NOT NULL,
    sample smallint NOT NULL,
    password text,
    created_at bigint NOT NULL
  );
  CREATE UNIQUE INDEX people_username ON people (lower(username));
  CREATE UNIQUE INDEX people_email ON people (lower(email));

  CREATE TABLE sessions (
    id_hash bytea PRIMARY KEY,
    person_id bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE INDEX sessions_of_person ON sessions (person_id);
  CREATE INDEX sessions_over ON sessions (expires_at);

  CREATE TABLE apps (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL UNIQUE,
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
  CREATE INDEX apps_of_owner ON apps (owner_id, id);

  CREATE TABLE requests (
    id_hash bytea PRIMARY KEY,
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
  CREATE INDEX requests_over ON requests (expires_at);

  CREATE TABLE devices (
    code_hash bytea PRIMARY KEY,
    user_code_hash bytea NOT NULL UNIQUE,
    client_id text NOT NULL,
    requested integer NOT NULL,
    expires_at bigint NOT NULL,
    pace integer NOT NULL,
    polled_at bigint,
    approved smallint
  );

  CREATE TABLE grants (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    scopes integer NOT NULL,
    remembered integer NOT NULL,
    buzz_limit text,
    created_at bigint NOT NULL,
    last_used_at bigint,
    UNIQUE (person_id, client_id)
  );
  CREATE INDEX grants_of_app ON grants (client_id);

  CREATE TABLE families (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grant_id bigint,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    scopes integer NOT NULL,
    created_at bigint NOT NULL,
    ended_at bigint
  );
  CREATE INDEX families_of_app ON families (client_id);

  CREATE TABLE codes (
    hash bytea PRIMARY KEY,
    family_id bigint NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    challenge text NOT NULL,
    challenge_method text NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
  );
  CREATE INDEX codes_of_family ON codes (family_id);
  CREATE INDEX codes_over ON codes (expires_at);

  CREATE TABLE generations (
    access_hash bytea PRIMARY KEY,
    refresh_hash bytea UNIQUE,
    family_id bigint NOT NULL,
    scopes integer NOT NULL,
    created_at bigint NOT NULL,
    access_expires_at bigint NOT NULL,
    refresh_expires_at bigint,
    spent_at bigint,
    salt bytea,
    next_scopes integer
  );
  CREATE INDEX generations_of_family ON generations (family_id);
  CREATE INDEX generations_over ON generations (coalesce(refresh_expires_at, access_expires_at));
  CREATE INDEX generations_replayable ON generations (spent_at) WHERE salt IS NOT NULL;

  CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL,
    name text NOT NULL,
    hint text NOT NULL,
    hash bytea NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    last_used_at bigint
  );
  CREATE INDEX api_keys_of_person ON api_keys (person_id);

  CREATE TABLE wallets (
    person_id bigint NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL CHECK (balance >= 0),
    PRIMARY KEY (person_id, currency)
  );

  CREATE TABLE ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    client_id text,
    reason text NOT NULL,
    at bigint NOT NULL
  );
  CREATE INDEX ledger_of_person ON ledger (person_id, currency, id);
  CREATE INDEX ledger_of_grant ON ledger (person_id, client_id, at) WHERE client_id IS NOT NULL;

  CREATE TABLE workflows (
    id text PRIMARY KEY,
    person_id bigint NOT NULL,
    client_id text NOT NULL,
    body text NOT NULL,
    cost bigint NOT NULL,
    created_at bigint NOT NULL,
    ready_at bigint NOT NULL
  );
  CREATE INDEX workflows_of_person ON workflows (person_id, created_at);

  CREATE TABLE posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    client_id text,
    created_at bigint NOT NULL
  );
  CREATE INDEX posts_of_person ON posts (person_id, id);

  CREATE TABLE verifications (
    client_id text PRIMARY KEY,
    note text NOT NULL,
    links text NOT NULL,
    asked_at bigint NOT NULL,
    decided_at bigint,
    verified smallint,
    reason text
  );

  -- Lost in a crash, and no harm done: a limit begins anew.
  CREATE UNLOGGED TABLE rate_windows (
    key text PRIMARY KEY,
    count integer NOT NULL,
    ends_at bigint NOT NULL
  );
  CREATE INDEX rate_windows_over ON rate_windows (ends_at);

  CREATE TABLE installation (
    name text PRIMARY KEY,
    value bytea NOT NULL
  );
  INSERT INTO installation
    VALUES ('pairwise', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

  CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    kind text NOT NULL,
    client_id text,
    owner_id bigint,
    person_id bigint,
    actor_id bigint,
    detail text NOT NULL
  );
  CREATE INDEX audit_of_app ON audit (client_id, id);
  CREATE INDEX audit_of_person ON audit (person_id, id);
  `,
]

const lock = 7_268_405

const stepTo = (version: number, step: string): string => `
  IF version < ${version} THEN
    ${step}
    UPDATE schema_version SET version = ${version};
  END IF;`

export const migration = `
BEGIN;
SELECT pg_advisory_xact_lock(${lock});
CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL);
INSERT INTO schema_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version);
DO $migration$
DECLARE version integer := (SELECT v.version FROM schema_version v);
BEGIN
  IF version > ${steps.length} THEN RAISE EXCEPTION 'made by a newer version of this program'; END IF;
${steps.map((step, at) => stepTo(at + 1, step)).join('\n')}
END
$migration$;
${functions}
COMMIT;
`
