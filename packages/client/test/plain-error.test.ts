import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** An app's first lines, in a process of its own. */
const starts = (lines: string, env: Record<string, string>) => {
  const source = new URL('../src/index.ts', import.meta.url).href
  const program = `import { createCivitaiAuth } from ${JSON.stringify(source)}\n${lines}`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@civitai-oauth/source', '--no-warnings', '--input-type=module', '--eval', program],
    { env, encoding: 'utf8' },
  )
  return { status, said: stdout + stderr }
}

it('an app without its settings ends with one sentence that says what to do, and exit code 1', () => {
  const lines = 'createCivitaiAuth()\nconsole.log("started")'
  expect(starts(lines, { CIVITAI_CLIENT_ID: 'app-1', CIVITAI_SESSION_SECRET: 'short' })).toEqual({
    status: 1,
    said: 'Sign-in is not set up: CIVITAI_SESSION_SECRET is too short: 32 bytes or more each, please.\n',
  })
  expect(starts(lines, {})).toEqual({
    status: 1,
    said: `Sign-in is not set up:
- Set CIVITAI_CLIENT_ID to the client id from your OAuth Apps card.
- Set CIVITAI_SESSION_SECRET to 32 random bytes or more, e.g. \`openssl rand -base64 32\`.
`,
  })
})

it('an app that catches what it throws goes on, and so does one that listens for uncaught errors', () => {
  const caught = 'try { createCivitaiAuth() } catch (error) { console.log(error._tag) }'
  const heard = 'process.on("uncaughtException", (error) => console.log(error._tag))\ncreateCivitaiAuth()'
  for (const lines of [caught, heard]) expect(starts(lines, {})).toEqual({ status: 0, said: 'OptionsInvalid\n' })
})
