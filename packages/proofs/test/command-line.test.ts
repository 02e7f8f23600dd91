import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Ready, startEmulator } from '../src/emulator.ts'
import { freePort } from '../src/free-port.ts'
import { commandLine } from '../src/repository.ts'
import { type Service, start } from '../src/service.ts'

const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let services: Service[] = []
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()))
  services = []
})

const dev = async (...args: string[]): Promise<Ready> => {
  const { service, ready } = await startEmulator(scratch, '--port', '0', ...args)
  services.push(service)
  return ready
}

const run = (...args: string[]): { readonly status: number | null; readonly said: string; readonly out: string } => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [commandLine, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { status, said: stderr.trim(), out: stdout.trim() }
}

describe('civitai-oauth that cannot do what it is asked', () => {
  let busy: Server
  beforeAll(async () => {
    busy = createServer()
    await new Promise<void>((ready) => busy.listen(0, '127.0.0.1', ready))
    mkdirSync(join(scratch, 'not-samples'))
    writeFileSync(join(scratch, 'not-samples', 'samples.json'), '{"apps":1}')
    mkdirSync(join(scratch, 'not-a-database'))
    writeFileSync(join(scratch, 'not-a-database', 'civitai.db'), 'This is a letter, not a database. '.repeat(200))
    writeFileSync(join(scratch, 'a-file'), '')
    writeFileSync(join(scratch, 'seed-wrong.json'), '{"persons":[]}')
    writeFileSync(
      join(scratch, 'seed-owner.json'),
      '{"apps":[{"name":"a","owner":"nobody","redirectUris":["http://localhost:1/"],"scopes":["UserRead"]}]}',
    )
  })
  afterAll(() => {
    busy.close()
  })

  it.each([
    ['an unknown command', ['deev'], 'There is no command "deev": choose one of dev'],
    ['an unknown option', ['dev', '--prot', '1'], 'There is no option --prot. civitai-oauth dev takes: --port PORT'],
    ['an option without its value', ['dev', '--port'], 'The option --port is not given as it should be.'],
    ['a port that is none', ['dev', '--port', 'http'], '--port takes a number from 0 to 65535'],
    ['two wishes that exclude each other', ['dev', '--memory', '--data', 'x'], '--memory keeps nothing and --data'],
    ['a profile that is none', ['dev', '--port', '0', '--memory', '--profile', 'observed,+nonsense'], 'nonsense'],
    [
      'a seed that is not there',
      ['dev', '--port', '0', '--memory', '--seed', 'nowhere.json'],
      'Cannot read nowhere.json',
    ],
    [
      'a seed that is none',
      ['dev', '--port', '0', '--memory', '--seed', 'seed-wrong.json'],
      'There is no field named persons.',
    ],
    [
      'a seed that cannot be planted',
      ['dev', '--port', '0', '--memory', '--seed', 'seed-owner.json'],
      'an owner who is not there',
    ],
    ['a data folder that is a file', ['dev', '--port', '0', '--data', 'a-file'], 'Choose another place'],
    ['a data file that is none', ['dev', '--port', '0', '--data', 'not-a-database'], 'not-a-database/civitai.db'],
    ['samples it did not write', ['dev', '--port', '0', '--data', 'not-samples'], 'delete it and start again'],
  ])('says so in one sentence: %s', (_, args, sentence) => {
    const { status, said, out } = run(...args)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(said).toContain(sentence)
    expect(said.split('\n')).toHaveLength(1)
  })

  it('says so in one sentence: a busy port', () => {
    const { port } = busy.address() as AddressInfo
    const { status, said } = run('dev', '--memory', '--port', String(port))
    expect(status).toBe(1)
    expect(said).toBe(
      `Port ${port} is busy: stop what is listening there, or choose another port (0 takes a free one).`,
    )
  })
})

describe('civitai-oauth', () => {
  it('explains itself', () => {
    expect(run().out).toContain('dev               run the authorization server')
    expect(run('dev', '--help').out).toContain('--port PORT')
    expect(run('--version').out).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('civitai-oauth dev', () => {
  it('prints one line of JSON when it is ready', async () => {
    const ready = await dev('--memory')
    expect(ready).toMatchObject({
      issuer: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      portal: `${ready.issuer}/`,
      control: `${ready.issuer}/__emulator`,
    })
    expect(ready.users.map(({ username }) => username)).toEqual(['ada', 'ben', 'mod'])
    expect(ready.apps.map(({ name, clientSecret }) => [name, typeof clientSecret])).toEqual([
      ['demo-sveltekit', 'string'],
      ['demo-nuxt', 'string'],
      ['demo-react', 'string'],
    ])
  })

  it('answers provider, portal and control API on both names of this machine', async () => {
    const { issuer } = await dev('--memory')
    for (const origin of [issuer, issuer.replace('localhost', '127.0.0.1')]) {
      expect((await fetch(`${origin}/healthz`)).status).toBe(200)
      expect((await fetch(`${origin}/`)).headers.get('content-type')).toContain('text/html')
      expect((await fetch(`${origin}/__emulator/log`)).status).toBe(200)
    }
  })

  it('H1 takes its own origin from nowhere but its start', async () => {
    const { issuer } = await dev('--memory')
    const { port } = new URL(issuer)
    const forged = { host: 'evil.example', 'x-portal-host': 'evil.example', 'x-forwarded-host': 'evil.example' }
    const seen = await new Promise<string>((resolve, reject) => {
      const headers = { ...forged, 'x-portal-protocol': 'https', accept: 'text/html' }
      request({ host: '127.0.0.1', port, path: '/account', headers }, (response) => {
        let text = JSON.stringify(response.headers)
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
    expect(seen).not.toContain('evil')
  })

  it('keeps the credentials of its sample apps in a file for its owner alone', async () => {
    const folder = join(scratch, 'kept')
    const first = await dev('--data', folder)
    const file = join(folder, 'samples.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'civitai.db')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ users: first.users, apps: first.apps })
    await services.pop()?.stop()
    const second = await dev('--data', folder)
    expect(second.apps).toEqual(first.apps)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with exit code 0 on %s', async (signal) => {
    await dev('--memory')
    const service = services.pop()
    service?.send(signal)
    expect(await service?.ended).toMatchObject({ code: 0 })
  })
})

describe('civitai-oauth serve', () => {
  const serve = async (...args: string[]): Promise<{ readonly service: Service; readonly at: string }> => {
    const port = await freePort()
    const at = `http://localhost:${port}`
    const service = await start({
      name: 'civitai-oauth serve',
      script: commandLine,
      args: ['serve', '--origin', at, '--port', String(port), '--data', join(scratch, `serve-${port}`), ...args],
      cwd: scratch,
      env: process.env,
      isReady: (line) => line.includes('"message":"ready"'),
    })
    services.push(service)
    return { service, at }
  }

  it.each([
    ['no origin', ['--data', 'x'], 'Give the address people see: --origin https://auth.example.com.'],
    [
      'an origin without TLS',
      ['--data', 'x', '--origin', 'http://auth.example.com'],
      '--origin must begin with https://',
    ],
    ['no place for its data', ['--origin', 'https://auth.example.com'], 'Say where the data is kept: --data DIR,'],
    ['an option of dev', ['--memory'], 'There is no option --memory.'],
  ])('refuses to start with %s', (_, args, sentence) => {
    const { status, said, out } = run('serve', ...args)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(said).toContain(sentence)
    expect(said.split('\n')).toHaveLength(1)
  })

  it('O5 has no control API and no sample people', async () => {
    const { at } = await serve()
    expect((await fetch(`${at}/readyz`)).status).toBe(200)
    const headers = { 'content-type': 'application/json' }
    const asked = await fetch(`${at}/__emulator/sessions`, { method: 'POST', headers, body: '{"user":"ada"}' })
    expect(asked.status).toBe(404)
    expect((await fetch(`${at}/__emulator/log`)).status).toBe(404)
    const login = await (await fetch(`${at}/login`)).text()
    expect(login).not.toContain('ada')
    expect(login).not.toContain('Sample people')
  })

  it('X4 says that it is not ready before it stops, and ends with exit code 0', async () => {
    const { service, at } = await serve('--drain', '1')
    service.send('SIGTERM')
    await expect.poll(async () => (await fetch(`${at}/readyz`)).status).toBe(503)
    expect((await fetch(`${at}/healthz`)).status).toBe(200)
    expect(await service.ended).toMatchObject({ code: 0 })
  })
})
