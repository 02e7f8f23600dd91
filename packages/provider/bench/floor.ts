/**
 * The floor: a bare node:http server that does the same hashing and the same SQL for one app, and nothing else: no checks,
 * no routes, no errors. Writes of one turn share a transaction, as ours do; each look-up stands alone, where ours share a
 * view, so on many connections ours may pass it.
 */
import { createHmac, hash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { migrate } from '../src/sqlite/schema.ts'

const [file = '', connections = '32', codes = '0'] = process.argv.slice(2)
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536')
migrate(database)

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
const [clientId, secret] = ['floor', 'secret']
database.exec(
  "INSERT INTO people (uuid, username, email_verified, staff, sample, created_at) VALUES ('u', 'ada', 0, 0, 0, 0)",
)
database
  .prepare(
    `INSERT INTO apps (client_id, dialect, name, description, redirect_uris, scopes, reach, type, verified, trusted, owner_id,
       created_at, updated_at, version, revision, secret_hash, secret_created_at)
     VALUES (?, 'civitai', 'Floor', '', '[]', 1, 1, 'confidential', 0, 0, 1, 0, 0, 1, 1, ?, 0)`,
  )
  .run(clientId, digest(secret))
database.exec(
  `INSERT INTO grants (person_id, client_id, scopes, remembered, created_at) VALUES (1, '${clientId}', 1, 1, 0)`,
)

const prepared = (sql: string) => {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}
const family = prepared(
  'INSERT INTO families (grant_id, person_id, client_id, scopes, created_at) VALUES (1, 1, ?, 1, 0) RETURNING id',
)
const code = prepared(
  `INSERT INTO codes (hash, family_id, client_id, redirect_uri, challenge, challenge_method, expires_at)
   VALUES (?, ?, ?, 'https://app.example.com/cb', ?, 'S256', 9e15)`,
)
const generation = prepared(
  `INSERT INTO generations (access_hash, refresh_hash, family_id, scopes, created_at, access_expires_at, refresh_expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const findApp = prepared('SELECT * FROM apps WHERE client_id = ?')
const alive = `JOIN families ON families.id = family_id
  JOIN apps ON apps.client_id = families.client_id LEFT JOIN grants ON grants.id = families.grant_id`
const findRefresh = prepared(
  `SELECT families.client_id, refresh_expires_at, spent_at, salt, next_scopes, family_id, families.scopes, families.person_id,
     families.ended_at, grants.id, apps.reach, apps.revision, families.created_at, grants.last_used_at
   FROM generations ${alive} WHERE refresh_hash = ?`,
)
const spend = prepared(
  'UPDATE generations SET spent_at = ?, salt = ?, next_scopes = ?, access_expires_at = min(access_expires_at, ?) WHERE refresh_hash = ?',
)
const findCode = prepared(
  `SELECT codes.client_id, codes.redirect_uri, challenge, challenge_method, expires_at, used_at, family_id,
     families.scopes, families.person_id, families.ended_at, grants.id, apps.reach, apps.revision FROM codes ${alive} WHERE hash = ?`,
)
const useCode = prepared('UPDATE codes SET used_at = ? WHERE hash = ?')
const used = prepared('UPDATE grants SET last_used_at = ? WHERE id = ?')
const note = prepared(
  `INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
   VALUES (?, 'signed-in', ?, (SELECT owner_id FROM apps WHERE client_id = ?), ?, NULL, ?)`,
)
const findAccess = prepared(
  `SELECT people.id, people.username, people.email, families.client_id FROM generations ${alive}
   JOIN people ON people.id = families.person_id
   WHERE access_hash = ? AND access_expires_at > ? AND ended_at IS NULL AND (families.grant_id IS NULL OR grants.id IS NOT NULL)`,
)

const challenge = digest('v'.repeat(50)).toString('base64url')
const token = () => `civitai_${randomBytes(32).toString('base64url')}`
const newFamily = () => (family.get(clientId) as unknown as [number])[0]
database.exec('BEGIN')
const tokens = Array.from({ length: Number(connections) }, () => {
  const [access, refresh] = [token(), token()]
  generation.run(digest(access), digest(refresh), newFamily(), 1, 0, 9e15, 9e15)
  return { access, refresh }
})
const unused = Array.from({ length: Number(codes) }, () => {
  const made = token()
  code.run(digest(made), newFamily(), clientId, challenge)
  return made
})
database.exec('COMMIT')

let queue: (() => void)[] = []
const later: (() => void)[] = []
const write = (work: () => void, done: () => void) => {
  if (queue.length === 0)
    setImmediate(() => {
      const group = queue
      queue = []
      database.exec('BEGIN IMMEDIATE')
      for (const one of group) one()
      database.exec('COMMIT')
      for (const answer of later.splice(0)) answer()
    })
  queue.push(work)
  later.push(done)
}

const answer = (response: ServerResponse, value: unknown) => {
  const body = JSON.stringify(value)
  response.writeHead(200, [
    'content-type',
    'application/json',
    'cache-control',
    'no-store',
    'content-length',
    String(body.length),
  ])
  response.end(body)
}

const hour = 3_600_000
const handle = (request: IncomingMessage, response: ServerResponse, body: string) => {
  const now = Date.now()
  if (request.method === 'GET') {
    const row = findAccess.get(digest((request.headers.authorization as string).slice(7)), now) as unknown as unknown[]
    answer(response, { sub: String(row[0]), id: row[0], username: row[1], preferred_username: row[1], name: row[1] })
    return
  }
  const form: Record<string, string> = {}
  for (const pair of body.split('&')) {
    const at = pair.indexOf('=')
    form[pair.slice(0, at)] = pair.slice(at + 1)
  }
  findApp.get(form['client_id'] as string)
  digest(form['client_secret'] as string)
  if (form['grant_type'] === 'authorization_code') {
    hash('sha256', form['code_verifier'] as string, 'base64url')
    const [access, refresh] = [token(), token()]
    const [accessHash, refreshHash, codeHash] = [digest(access), digest(refresh), digest(form['code'] as string)]
    write(
      () => {
        const row = findCode.get(codeHash) as unknown as [string, string, string, string, number, number, number]
        useCode.run(now, codeHash)
        generation.run(accessHash, refreshHash, row[6], 1, now, now + hour, now + 720 * hour)
        used.run(now, 1)
        note.run(now, clientId, clientId, 1, '{"scopes":"1"}')
      },
      () =>
        answer(response, {
          access_token: access,
          token_type: 'Bearer',
          expires_in: 3600,
          refresh_token: refresh,
          scope: '1',
        }),
    )
    return
  }
  const spent = form['refresh_token'] as string
  const salt = randomBytes(32)
  const key = createHmac('sha512', spent).update(salt).update('replay-v1').digest()
  const access = `civitai_${key.toString('base64url', 0, 32)}`
  const refresh = `civitai_${key.toString('base64url', 32, 64)}`
  const [spentHash, accessHash, refreshHash] = [digest(spent), digest(access), digest(refresh)]
  write(
    () => {
      const row = findRefresh.get(spentHash) as unknown as number[]
      spend.run(now, salt, 1, now + 30_000, spentHash)
      generation.run(accessHash, refreshHash, row[5] as number, 1, now, now + hour, now + 720 * hour)
    },
    () =>
      answer(response, {
        access_token: access,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: refresh,
        scope: '1',
      }),
  )
}

const server = createServer((request, response) => {
  if (request.method === 'GET') handle(request, response, '')
  else request.once('data', (chunk: Buffer) => handle(request, response, chunk.toString('utf8')))
}).listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, clientId, secret, tokens, codes: unused }),
)
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
