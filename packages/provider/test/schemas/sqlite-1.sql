PRAGMA user_version = 1;
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
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
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
INSERT INTO people VALUES (1, 'de49d401-bafa-4b84-90aa-9b181dd515ff', 'ada', 'ada@example.com', 1, null, 0, 1, null, 1795219200000);
INSERT INTO people VALUES (2, '90059a4f-cf10-462b-b399-0581438d33ea', 'bob', 'bob@example.com', 1, null, 0, 1, null, 1795219200000);
INSERT INTO sessions VALUES (x'a22b4ae97936fd5df8dc6b15f24c4b179fe6111c26ca653dae29665bb3d243b6', 2, 1795219200000, 1797811200000);
INSERT INTO apps VALUES (1, '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 'civitai', 'Radio', 'Plays what you made.', '["https://app.example.com/oauth/callback","http://localhost:3000/oauth/callback"]', 114689, 114689, 'confidential', 0, 0, 1, 1795219200000, 1795219200000, 1, 2, x'6e10860606e55cc342253de1882caf20ea38c76c4cfdb862efb8278cb297eb61', 1795219200000, 1795219200000, x'b258683b7a2ebb6feff26b07231e1112e6819db849f438c8643c38ccb9302b7f', 1795219200000, null);
INSERT INTO apps VALUES (2, '9ba578fd-04fe-491f-a531-241e2e247798', 'quaily', 'Quail', 'Plays what you made.', '["http://localhost:4100/quaily/oauth/code"]', 2, 3, 'public', 0, 0, 1, 1795219200000, 1795219200000, 1, 1, null, null, null, null, null, null);
INSERT INTO requests VALUES (x'8ade3e521673c28ed251369d00e0a68ccc72cc570618add3244c0900365de69b', x'a22b4ae97936fd5df8dc6b15f24c4b179fe6111c26ca653dae29665bb3d243b6', '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 'https://app.example.com/oauth/callback', 114689, 114689, 'a-state', 'CrlVwe1WSHWuTQYh3iczmx3aS-faRx6C92k9_hNxl4A', 'S256', null, 1795221000000, 1795219200000, 1, x'7e39878ea7d73cd75d39d7214891a2c5f399660290ec42ca1b914161be18430a');
INSERT INTO grants VALUES (1, 2, '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 114689, 114689, null, 1795219200000, 1795219200000);
INSERT INTO grants VALUES (2, 2, '9ba578fd-04fe-491f-a531-241e2e247798', 2, 0, null, 1795219200000, 1795219200000);
INSERT INTO families VALUES (1, 1, 2, '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 114689, 1795219200000, null);
INSERT INTO families VALUES (2, 2, 2, '9ba578fd-04fe-491f-a531-241e2e247798', 2, 1795219200000, null);
INSERT INTO codes VALUES (x'01d8ae2e560c5f180bd5fcd6dd1fedb33bcce3740e16e6700693b9d5dbf60126', 1, '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 'https://app.example.com/oauth/callback', 'CrlVwe1WSHWuTQYh3iczmx3aS-faRx6C92k9_hNxl4A', 'S256', 1795219800000, 1795219200000);
INSERT INTO codes VALUES (x'ca0663a6be6eef477d4157a8377be1dd3c4ad6509f3664855aa7046d8b940171', 2, '9ba578fd-04fe-491f-a531-241e2e247798', 'http://localhost:4100/quaily/oauth/code', 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv', 'plain', 1795219800000, 1795219200000);
INSERT INTO generations VALUES (x'2ec7d01743248226677b9b5212deddc20df5d466d41a416c05f71f3c12fec482', x'e4c7b08ea14ae36eddc4712c06f67b0d905e6ad571289a0d27a68fed19472341', 1, 114689, 1795219200000, 1795222800000, 1797811200000, null, null, null);
INSERT INTO generations VALUES (x'6b7aa91733252da238aeef6192aa9e941e4cd9ca2a06443a909f05685b65b2f1', x'cb40cb63c2f62419044edc5ee1c80e3f1a5751c8d459427e5148872e7eb66410', 1, 114689, 1795219200000, 1795219230000, 1797811200000, 1795219200000, x'9446a7e952db20b8aeedd929eddfb9cc103277bd955f83dbd68d488c92500c1e', 114689);
INSERT INTO generations VALUES (x'afb5e97451cb12de5e7fd2d70a7e6117a70f6a7cab88e20056818aa5594ef4e8', x'5c6a25e491df3daf4497734844e2ac145400b970179a50af4d4959c57928cefa', 2, 2, 1795219200000, 1797811200000, 1826755200000, null, null, null);
INSERT INTO api_keys VALUES (1, 2, 'laptop', '2uP8', x'c478582d654dd967c0af164c65c2faa21847181ce6b971bb1efa73e02a4549e1', 1795219200000, 1795219200000);
INSERT INTO wallets VALUES (1, 'credit', 1000);
INSERT INTO wallets VALUES (1, 'yellow', 10000);
INSERT INTO wallets VALUES (2, 'credit', 1000);
INSERT INTO wallets VALUES (2, 'yellow', 10000);
INSERT INTO ledger VALUES (1, 1, 'yellow', 10000, null, 'To begin with', 1795219200000);
INSERT INTO ledger VALUES (2, 1, 'credit', 1000, null, 'To begin with', 1795219200000);
INSERT INTO ledger VALUES (3, 2, 'yellow', 10000, null, 'To begin with', 1795219200000);
INSERT INTO ledger VALUES (4, 2, 'credit', 1000, null, 'To begin with', 1795219200000);
INSERT INTO installation VALUES ('pairwise', x'ee96324eb663f553718d94cc703285f154c6ac89e436b4bc700ced8874853190');
INSERT INTO audit VALUES (1, 1795219200000, 'app-registered', '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 1, 1, null, '{"name":"Radio"}');
INSERT INTO audit VALUES (2, 1795219200000, 'secret-prepared', '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 1, 1, null, '{}');
INSERT INTO audit VALUES (3, 1795219200000, 'granted', '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 1, 2, null, '{"remembered":"yes","scopes":"114689"}');
INSERT INTO audit VALUES (4, 1795219200000, 'signed-in', '9340e48b-6090-4aa8-b4cc-7cba0d89b90a', 1, 2, null, '{"scopes":"114689"}');
INSERT INTO audit VALUES (5, 1795219200000, 'api-key-created', null, null, 2, null, '{"name":"laptop"}');
INSERT INTO audit VALUES (6, 1795219200000, 'app-registered', '9ba578fd-04fe-491f-a531-241e2e247798', 1, 1, null, '{"name":"Quail"}');
INSERT INTO audit VALUES (7, 1795219200000, 'granted', '9ba578fd-04fe-491f-a531-241e2e247798', 1, 2, null, '{"remembered":"no","scopes":"2","by":"api"}');
INSERT INTO audit VALUES (8, 1795219200000, 'signed-in', '9ba578fd-04fe-491f-a531-241e2e247798', 1, 2, null, '{"scopes":"2"}');
INSERT INTO sqlite_sequence VALUES ('people', 2);
INSERT INTO sqlite_sequence VALUES ('ledger', 4);
INSERT INTO sqlite_sequence VALUES ('apps', 2);
INSERT INTO sqlite_sequence VALUES ('audit', 8);
INSERT INTO sqlite_sequence VALUES ('grants', 2);
INSERT INTO sqlite_sequence VALUES ('families', 2);
INSERT INTO sqlite_sequence VALUES ('api_keys', 1);
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
