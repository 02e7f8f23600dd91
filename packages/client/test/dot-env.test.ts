import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dotEnv } from '../src/dot-env.ts'

describe('when the portal’s lines were pasted into .env', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dot-env-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads them, comments and quotes aside', () => {
    const file = join(folder, '.env')
    writeFileSync(file, '# mine\nCIVITAI_CLIENT_ID=app-1\nCIVITAI_SESSION_SECRET="a b"  # openssl rand\n')
    expect(dotEnv(file)).toEqual({ CIVITAI_CLIENT_ID: 'app-1', CIVITAI_SESSION_SECRET: 'a b' })
  })

  it('does without the file, and without one it may read', () => {
    expect(dotEnv(join(folder, 'none'))).toEqual({})
    expect(dotEnv(folder)).toEqual({})
  })
})
