import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { describe, expect, it } from 'vitest'
import { normalising } from '../src/wire.ts'

const answered = async (dialect: typeof civitai | typeof quaily, response: Response) => {
  const answer = await normalising(dialect, async () => response)('https://auth.test/token', {})
  const text = await answer.text()
  return {
    status: answer.status,
    body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text,
    headers: answer.headers,
  }
}
const json = (body: unknown, status = 200, headers = {}) => Response.json(body, { status, headers })

describe('the fetch boundary, for Quaily', () => {
  it.each([
    [10001, 401, 'invalid_token', 401],
    [10002, 400, 'invalid_grant', 400],
    [10006, 403, 'invalid_grant', 403],
    [10007, 401, 'invalid_grant', 401],
    [10010, 200, 'invalid_grant', 400],
    ['90003', 400, 'invalid_request', 400],
    [90001, 200, 'server_error', 429],
    [-1, 200, 'server_error', 503],
    [12345, 400, 'server_error', 400],
  ])('says %s with %i in RFC 6749’s words', async (code, status, error, said) => {
    const answer = await answered(quaily, json({ code, msg: 'No.' }, status))
    expect(answer).toMatchObject({ status: said, body: { error, error_description: 'No.' } })
  })

  it('leaves an answer alone that has both shapes, or is no error', async () => {
    expect((await answered(quaily, json({ error: 'invalid_grant', code: 10002 }, 400))).body).toMatchObject({
      error: 'invalid_grant',
    })
    expect((await answered(quaily, json({ code: 0, access_token: 'x' }))).body).toMatchObject({ access_token: 'x' })
  })
})

describe('the fetch boundary', () => {
  it('drops the challenge that would hide an error, and keeps when to come again', async () => {
    const answer = await answered(
      civitai,
      json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic', 'retry-after': '3' }),
    )
    expect([answer.headers.get('www-authenticate'), answer.headers.get('retry-after')]).toEqual([null, '3'])
  })

  it.each([
    ['114689', '114689'],
    [114_689, '114689'],
    [['114689'], '114689'],
    [[114_689], '114689'],
    ['', undefined],
    [['1', '2'], undefined],
    [1.5, undefined],
    [null, undefined],
    [{}, undefined],
  ])('K12 makes one string of the scope %j, or none', async (scope, text) => {
    expect((await answered(civitai, json({ access_token: 'x', scope }))).body).toEqual({
      access_token: 'x',
      ...(text && { scope: text }),
    })
  })

  it.each(['<html>', '', '[]', '"text"', 'null'])(
    'leaves %j to the protocol engine, which refuses it',
    async (text) => {
      expect(await answered(civitai, new Response(text, { status: 502 }))).toMatchObject({ status: 502, body: text })
    },
  )
})
