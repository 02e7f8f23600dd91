/**
 * The floor on Postgres: a bare node:http server that does the same hashing and sends the same one statement for each
 * request, on ten connections, pipelined. No checks, no routes, no errors.
 */
import { createHmac, hash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, type ClientConfig } from 'pg'
import { postgres } from '../src/postgres/index.ts'
import { liveTokenColumns } from '../src/rows/token.ts'
import { familyLifetime } from '../src/token/new-tokens.ts'
import { seeded } from './seed.ts'

const [url = '', connections = '32', codes = '0'] = process.argv.slice(2)
const { provider, revision, made } = await seeded(postgres({ url }), Number(connections), Number(codes))
await provider.close()
const { clientId } = made

const clients = await Promise.all(
  Array.from({ length: 10 }, async () => {
    const client = new Client({ connectionString: url, pipeline: true } as ClientConfig)
    await client.connect()
    return client
  }),
)
let turn = 0
const ask = async (name: string, text: string, values: readonly unknown[]): Promise<unknown[]> => {
  const client = clients[turn++ % clients.length] as Client
  const { rows } = await client.query({ name, text, values: [...values], rowMode: 'array' })
  return rows[0] as unknown[]
}
const places = (count: number) => Array.from({ length: count }, (_, at) => `$${at + 1}`).join(', ')
const rotate = `SELECT tag, granted, person, old_salt, spent_before FROM civitai_rotate(${places(13)})`
const redeem = `SELECT tag, granted, person FROM civitai_redeem_code(${places(11)})`
const find = `SELECT ${liveTokenColumns} FROM generations
   JOIN families ON families.id = family_id
   JOIN apps ON apps.client_id = families.client_id
   JOIN people ON people.id = families.person_id
   LEFT JOIN grants ON grants.id = families.grant_id
 WHERE access_hash = $1 AND access_expires_at > $2 AND ended_at IS NULL
   AND (families.grant_id IS NULL OR grants.id IS NOT NULL)`

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
const token = () => `civitai_${randomBytes(32).toString('base64url')}`
const [hour, month] = [3_600_000, 2_592_000_000]

const answer = (response: ServerResponse, value: unknown) => {
  const body = JSON.stringify(value)
  const length = String(body.length)
  response.writeHead(200, ['content-type', 'application/json', 'cache-control', 'no-store', 'content-length', length])
  response.end(body)
}
const answerTokens = (response: ServerResponse, access: string, refresh: string) =>
  answer(response, { access_token: access, token_type: 'Bearer', expires_in: 3600, refresh_token: refresh, scope: '1' })

const handle = async (request: IncomingMessage, response: ServerResponse, body: string) => {
  const now = Date.now()
  if (request.method === 'GET') {
    const row = await ask('find', find, [digest((request.headers.authorization as string).slice(7)), now])
    answer(response, { sub: row[0], id: row[0], username: row[2], preferred_username: row[2], name: row[2] })
    return
  }
  const form: Record<string, string> = {}
  for (const pair of body.split('&')) {
    const at = pair.indexOf('=')
    form[pair.slice(0, at)] = pair.slice(at + 1)
  }
  digest(form['client_secret'] as string)
  if (form['grant_type'] === 'authorization_code') {
    const challenge = hash('sha256', form['code_verifier'] as string, 'base64url')
    const [access, refresh] = [token(), token()]
    const [accessHash, refreshHash] = [digest(access), digest(refresh)]
    const address = decodeURIComponent(form['redirect_uri'] as string)
    const asked = [digest(form['code'] as string), clientId, revision, address, challenge, '']
    await ask('redeem', redeem, [...asked, accessHash, refreshHash, now + hour, now + month, now])
    answerTokens(response, access, refresh)
    return
  }
  const spent = form['refresh_token'] as string
  const salt = randomBytes(32)
  const key = createHmac('sha512', spent).update(salt).update('replay-v1').digest()
  const access = `civitai_${key.toString('base64url', 0, 32)}`
  const refresh = `civitai_${key.toString('base64url', 32, 64)}`
  const asked = [digest(spent), clientId, revision, null, now + 30_000, salt, digest(access), digest(refresh)]
  await ask('rotate', rotate, [...asked, now + hour, now + month, 0, familyLifetime, now])
  answerTokens(response, access, refresh)
}

const server = createServer((request, response) => {
  if (request.method === 'GET') void handle(request, response, '')
  else request.once('data', (chunk: Buffer) => void handle(request, response, chunk.toString('utf8')))
}).listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port, ...made }))
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
