import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../src/serve/settings.ts'

const good = { origin: 'https://auth.example.com', data: '/data' }

describe('what serve is told', () => {
  it('is little, and the rest is safe', () => {
    expect(settingsOf(good, {})).toEqual({
      origin: 'https://auth.example.com',
      place: { _tag: 'Folder', folder: '/data' },
      port: 4100,
      host: '127.0.0.1',
      addressHeader: undefined,
      profile: undefined,
      quaily: false,
      introspectors: [],
      metricsBearer: undefined,
      drainMs: 0,
      traces: undefined,
    })
  })

  it.each(['http://localhost:4100', 'http://127.0.0.1:4100', 'http://[::1]:4100', 'https://auth.example.com/'])(
    'may be the origin %s',
    (origin) => {
      expect(settingsOf({ ...good, origin }, {}).origin).toBe(origin.replace(/\/$/, ''))
    },
  )

  it.each([
    [{ origin: 'http://auth.example.com' }, '--origin must begin with https://'],
    [{ origin: 'http://localhost.example.com' }, '--origin must begin with https://'],
    [{ origin: 'auth.example.com' }, '--origin takes an address without a path'],
    [{ origin: 'https://auth.example.com/path' }, '--origin takes an address without a path'],
    [{ origin: 'https://user@auth.example.com' }, '--origin takes an address without a path'],
    [{ origin: 'ftp://auth.example.com' }, '--origin'],
    [{ drain: '-1' }, '--drain takes whole seconds'],
    [{ drain: '99999' }, '--drain takes whole seconds'],
    [{ 'address-header': 'x real ip' }, "--address-header takes a header's name"],
    [{ port: 'x' }, '--port takes a number'],
  ])('is refused: %j', (wrong, sentence) => {
    expect(() => settingsOf({ ...good, ...wrong }, {})).toThrow(sentence)
  })

  it('may be a Postgres database', () => {
    const url = 'postgres://civitai:hush@db.example:5432/civitai'
    expect(settingsOf({ origin: good.origin }, { DATABASE_URL: url }).place).toEqual({ _tag: 'Database', url })
    expect(() => settingsOf(good, { DATABASE_URL: url })).toThrow('give one of them')
    const wrong = 'mysql://civitai:hush@db.example/civitai'
    expect(() => settingsOf({ origin: good.origin }, { DATABASE_URL: wrong })).toThrow('DATABASE_URL must look like')
    expect(() => settingsOf({ origin: good.origin }, { DATABASE_URL: wrong })).not.toThrow('hush')
  })

  it('may be a bearer for /metrics, which is long, and is not repeated', () => {
    const METRICS_BEARER = 'a bearer is no sentence'
    expect(settingsOf(good, { METRICS_BEARER: 'x'.repeat(16) }).metricsBearer).toBe('x'.repeat(16))
    for (const wrong of [METRICS_BEARER, 'x'.repeat(15)]) {
      expect(() => settingsOf(good, { METRICS_BEARER: wrong })).toThrow('METRICS_BEARER must be at least 16')
      expect(() => settingsOf(good, { METRICS_BEARER: wrong })).not.toThrow(wrong)
    }
    expect(settingsOf({ ...good, introspector: ['a', 'b'] }, {}).introspectors).toEqual(['a', 'b'])
  })

  it('is not guessed', () => {
    expect(() => settingsOf({ data: '/data' }, {})).toThrow('--origin https://auth.example.com')
    expect(() => settingsOf({ origin: good.origin }, {})).toThrow('--data DIR')
  })
})
