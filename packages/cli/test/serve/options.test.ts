/** `civitai-oauth serve` on SQLite, as its options change it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, freePort, type Running, served } from '../running.ts'

describe('civitai-oauth serve with every option', () => {
  let folder: string
  let at: string
  let running: Running
  let collector: Server
  let spans = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    collector = createServer(async (request, response) => {
      for await (const chunk of request) spans += chunk
      response.end()
    })
    await new Promise<void>((ready) => collector.listen(0, '127.0.0.1', ready))
    const port = await freePort()
    at = `http://127.0.0.1:${port}`
    const address = ['--host', '127.0.0.1', '--port', String(port), '--address-header', 'X-Real-IP']
    const rest = ['--profile', 'documented,+openid-discovery-only', '--quaily']
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` }
    running = await served(['--origin', 'https://auth.example.com', '--data', folder, ...address, ...rest], env)
  })
  afterAll(() => {
    collector.close()
    rmSync(folder, { recursive: true })
  })

  it('names its origin everywhere, whatever address it listens on, and follows the profile', async () => {
    const document = await (await fetch(`${at}/.well-known/openid-configuration`)).json()
    expect(document).toMatchObject({ issuer: 'https://auth.example.com' })
    expect((await fetch(`${at}/.well-known/oauth-authorization-server`)).status).toBe(404)
  })

  it('speaks Quaily, because it was asked to', async () => {
    expect((await fetch(`${at}/quaily/api/users/me`)).status).toBe(401)
  })

  it('H1 H3 counts callers by the header that the proxy writes, and by its last entry alone', async () => {
    const revoke = (ip: string) =>
      fetch(`${at}/api/auth/oauth/revoke`, {
        method: 'POST',
        headers: { 'x-real-ip': ip, 'x-forwarded-for': '10.0.0.1' },
      })
    for (let time = 0; time < 20; time++) expect((await revoke(`10.0.0.${time}, 198.51.100.7`)).status).not.toBe(429)
    expect((await revoke('10.0.0.99, 198.51.100.7')).status).toBe(429)
    expect((await revoke('198.51.100.8')).status).not.toBe(429)
  })

  it('is beside a command that changes its data', async () => {
    const args = ['staff', 'list', '--data', folder]
    expect(await command(args, {})).toMatchObject({ code: 0, out: expect.stringContaining('Nobody is staff') })
  })

  it('T6 sends its spans before it ends, without what a caller wrote', async () => {
    const answer = await fetch(`${at}/api/auth/oauth/userinfo`, { headers: { authorization: 'Bearer canary-canary' } })
    expect(answer.status).toBe(401)
    running.stop()
    expect(await running.ended).toBe(0)
    expect(spans).toContain('GET userinfo')
    expect(spans + running.said()).not.toContain('canary')
  })
})
