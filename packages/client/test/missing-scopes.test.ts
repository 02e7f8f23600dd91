import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { describe, expect, it } from 'vitest'
import { missingScopes } from '../src/missing-scopes.ts'

const json = (body: unknown, status = 403, headers = {}) => Response.json(body, { status, headers })
const insufficient = { error: 'insufficient_scope' }

describe('what a 403 asks for', () => {
  it.each([
    [
      'its sentence',
      json({ ...insufficient, error_description: 'Token does not have ModelsWrite scope' }),
      ['ModelsWrite'],
    ],
    ['its scope', json({ ...insufficient, scope: '8' }), ['ModelsWrite']],
    [
      'its challenge',
      new Response('no', {
        status: 403,
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="BuzzRead"' },
      }),
      ['BuzzRead'],
    ],
  ])('is named in %s', async (_, response, scopes) => {
    expect(await missingScopes(response, civitai)).toEqual(scopes)
    expect(response.bodyUsed).toBe(false)
  })

  it.each([
    ['another status', json(insufficient, 401)],
    ['another error', json({ error: 'forbidden' })],
    ['no JSON', new Response('no', { status: 403 })],
    ['nothing by name', json(insufficient)],
    ['words that are no permission', json({ ...insufficient, error_description: 'You may not.' })],
  ])('is nothing for %s', async (_, response) => expect(await missingScopes(response, civitai)).toBeUndefined())
})
