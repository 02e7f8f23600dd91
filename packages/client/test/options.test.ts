import { describe, expect, it } from 'vitest'
import type { AuthError } from '../src/error.ts'
import { type Options, resolveOptions } from '../src/options.ts'

const secret = 'a session secret of thirty-two bytes or more'
const env = { CIVITAI_CLIENT_ID: 'app-1', CIVITAI_SESSION_SECRET: secret }

const problemsOf = (options: Options): readonly string[] => {
  try {
    resolveOptions(options)
    return []
  } catch (error) {
    return (error as AuthError<'OptionsInvalid'>).detail.problems
  }
}

describe('when an app starts', () => {
  it('needs a client id and a session secret, and knows the rest', () => {
    expect(resolveOptions({ env })).toMatchObject({
      clientId: 'app-1',
      clientSecrets: [],
      issuer: 'https://auth.civitai.com',
      tokenBase: 'https://auth.civitai.com',
      apiOrigin: 'https://civitai.com',
      origin: undefined,
      basePath: '/oauth',
      callbackPath: '/oauth/callback',
      scopes: ['UserRead'],
    })
  })

  it('lists every problem at once, each with what to do', () => {
    const problems = problemsOf({
      env: {
        CIVITAI_SESSION_SECRET: 'short',
        CIVITAI_ISSUER: 'http://auth.example',
        CIVITAI_ORIGIN: 'https://app.example/path',
      },
      scopes: ['ReadEverything' as never],
      basePath: 'oauth/',
    })
    expect(problems).toEqual([
      expect.stringContaining('CIVITAI_CLIENT_ID'),
      expect.stringContaining('32 bytes'),
      expect.stringContaining('CIVITAI_ISSUER'),
      expect.stringContaining('CIVITAI_ORIGIN'),
      expect.stringContaining('basePath'),
      expect.stringContaining('callbackPath'),
      'Unknown scope: ReadEverything.',
    ])
  })

  it('says all of it in the message too, for it ends in a log', () => {
    expect(() => resolveOptions({ env: {} })).toThrow(/Set CIVITAI_CLIENT_ID[\s\S]*Set CIVITAI_SESSION_SECRET/)
  })

  it('measures a secret in bytes, and each of a list', () => {
    expect(problemsOf({ env, sessionSecret: 'é'.repeat(16) })).toEqual([])
    expect(problemsOf({ env, sessionSecret: [secret, 'short'] })).toHaveLength(1)
  })

  it('accepts plain http on this machine only', () => {
    expect(problemsOf({ env, issuer: 'http://localhost:4100', origin: 'http://localhost:4101' })).toEqual([])
    expect(problemsOf({ env, apiOrigin: 'http://api.example' })).toHaveLength(1)
    expect(problemsOf({ env, origin: 'http://localhost.example' })).toHaveLength(1)
  })

  it('prefers what it is told to the environment, and forgives a slash at the end', () => {
    expect(resolveOptions({ env: { ...env, CIVITAI_ISSUER: 'https://one.example/' } })).toMatchObject({
      issuer: 'https://one.example',
    })
    expect(resolveOptions({ env, issuer: 'https://two.example', clientId: 'app-2' })).toMatchObject({
      issuer: 'https://two.example',
      clientId: 'app-2',
    })
  })

  it('reads Quaily from its own variables', () => {
    expect(
      resolveOptions({
        dialect: 'quaily',
        env: {
          CIVITAI_SESSION_SECRET: secret,
          QUAILY_CLIENT_ID: 'quill',
          QUAILY_AUTH_BASE: 'https://q.example',
          QUAILY_API_BASE: 'https://api.q.example',
        },
      }),
    ).toMatchObject({
      clientId: 'quill',
      issuer: 'https://q.example',
      tokenBase: 'https://api.q.example',
      scopes: ['user.public'],
    })
  })

  it('K8 asks the server that issued a token for the API too, and production only beside production', () => {
    expect(resolveOptions({ env, issuer: 'http://localhost:4100/' }).apiOrigin).toBe('http://localhost:4100')
    expect(resolveOptions({ env, issuer: 'https://auth.civitai.com/' }).apiOrigin).toBe('https://civitai.com')
    const quaily = { dialect: 'quaily', env: { ...env, QUAILY_CLIENT_ID: 'quill' } } as const
    expect(resolveOptions(quaily).tokenBase).toBe('https://api.quaily.com')
    expect(resolveOptions({ ...quaily, issuer: 'https://q.example' }).tokenBase).toBe('https://q.example/api')
  })

  it('splits secrets at commas, newest first', () => {
    expect(resolveOptions({ env: { ...env, CIVITAI_CLIENT_SECRET: 'new, old' } })).toMatchObject({
      clientSecrets: ['new', 'old'],
    })
  })
})
