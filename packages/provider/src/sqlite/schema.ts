/**
 * The tables, as a list of steps forward. A step that was released is never changed: the next one follows it. They run
 * on opening, in one exclusive transaction, so that two processes opening the same file do not meet.
 */
import type { DatabaseSync } from 'node:sqlite'

const steps: readonly string[] = [
  `
  CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    email TEXT UNIQUE COLLATE NOCASE,
    email_verified INTEGER NOT NULL,
    picture TEXT,
    staff INTEGER NOT NULL,
    sample INTEGER NOT NULL,
    password TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    id_hash BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_of_person ON sessions (person_id);
  CREATE INDEX sessions_over ON sessions (expires_at);

  CREATE TABLE apps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT NOT NULL UNIQUE,
    dialect TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    scopes INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    type TEXT NOT NULL,
    verified INTEGER NOT NULL,
    trusted INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    secret_hash BLOB,
    secret_created_at INTEGER,
    secret_used_at INTEGER,
    next_hash BLOB,
    next_created_at INTEGER,
    next_used_at INTEGER
  ) STRICT;
  CREATE INDEX apps_of_owner ON apps (owner_id, id);

  CREATE TABLE requests (
    id_hash BLOB PRIMARY KEY,
    session_hash BLOB NOT NULL,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    requested INTEGER NOT NULL,
    offered INTEGER NOT NULL,
    state TEXT NOT NULL,
    challenge TEXT NOT NULL,
    challenge_method TEXT NOT NULL,
    device_hash BLOB,
    expires_at INTEGER NOT NULL,
    answered_at INTEGER,
    approved INTEGER,
    salt BLOB
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX requests_over ON requests (expires_at);

  CREATE TABLE devices (
    code_hash BLOB PRIMARY KEY,
    user_code_hash BLOB NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    requested INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    interval INTEGER NOT NULL,
    polled_at INTEGER,
    approved INTEGER
  ) STRICT, WITHOUT ROWID;

  -- A grant's id is never used again: what descends from a removed one cannot come back with the next.
  CREATE TABLE grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    scopes INTEGER NOT NULL,
    remembered INTEGER NOT NULL,
    buzz_limit TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (person_id, client_id)
  ) STRICT;
  CREATE INDEX grants_of_app ON grants (client_id);

  -- One sign-in. grant_id is null for an app acting as its owner.
  CREATE TABLE families (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    grant_id INTEGER,
    person_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    scopes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX families_of_app ON families (client_id);

  CREATE TABLE codes (
    hash BLOB PRIMARY KEY,
    family_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    challenge_method TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX codes_of_family ON codes (family_id);
  CREATE INDEX codes_over ON codes (expires_at);

  -- An access token and the refresh token issued with it.
  CREATE TABLE generations (
    access_hash BLOB PRIMARY KEY,
    refresh_hash BLOB UNIQUE,
    family_id INTEGER NOT NULL,
    scopes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    access_expires_at INTEGER NOT NULL,
    refresh_expires_at INTEGER,
    spent_at INTEGER,
    salt BLOB,
    next_scopes INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX generations_of_family ON generations (family_id);
  CREATE INDEX generations_over ON generations (coalesce(refresh_expires_at, access_expires_at));
  CREATE INDEX generations_replayable ON generations (spent_at) WHERE salt IS NOT NULL;

  CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
  CREATE INDEX api_keys_of_person ON api_keys (person_id);

  CREATE TABLE wallets (
    person_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    PRIMARY KEY (person_id, currency)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    client_id TEXT,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX ledger_of_person ON ledger (person_id, currency, id);
  CREATE INDEX ledger_of_grant ON ledger (person_id, client_id, at) WHERE client_id IS NOT NULL;

  CREATE TABLE workflows (
    id TEXT PRIMARY KEY,
    person_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    body TEXT NOT NULL,
    cost INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ready_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX workflows_of_person ON workflows (person_id, created_at);

  CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    client_id TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX posts_of_person ON posts (person_id, id);

  CREATE TABLE verifications (
    client_id TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    links TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    decided_at INTEGER,
    verified INTEGER,
    reason TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX verifications_waiting ON verifications (asked_at) WHERE decided_at IS NULL;

  -- Random values made once for this installation.
  CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO installation VALUES ('pairwise', randomblob(32));

  -- owner_id is the app's owner when it happened: the log is readable after its app is gone.
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    client_id TEXT,
    owner_id INTEGER,
    person_id INTEGER,
    actor_id INTEGER,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_of_app ON audit (client_id, id);
  CREATE INDEX audit_of_person ON audit (person_id, id);
  CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  `,
]

/** What a wipe empties. */
export const tables = [
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
  'audit',
]

const versionOf = (database: DatabaseSync): number =>
  Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)

export const migrate = (database: DatabaseSync): void => {
  database.exec('BEGIN EXCLUSIVE')
  try {
    const from = versionOf(database)
    if (from > steps.length) throw new Error('made by a newer version of this program')
    for (const step of steps.slice(from)) database.exec(step)
    database.exec(`PRAGMA user_version = ${steps.length}`)
    database.exec('COMMIT')
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw cause
  }
}
