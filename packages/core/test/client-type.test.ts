import { describe, expect, it } from 'vitest'
import { clientTypes, defaultType, grantsOf, hasSecret } from '../src/client-type.ts'
import { civitai } from '../src/dialects/civitai.ts'
import { quaily } from '../src/dialects/quaily.ts'

describe('client types', () => {
  it('let only confidential apps act for themselves and revoke', () => {
    expect(grantsOf('confidential', civitai)).toEqual(['authorization_code', 'refresh_token', 'client_credentials'])
    expect(grantsOf('public', civitai)).toEqual(['authorization_code', 'refresh_token'])
    expect(clientTypes.confidential.revokes).toBe(true)
    expect(clientTypes.public.revokes).toBe(false)
  })

  it('allow no grant that the dialect does not have', () => {
    expect(grantsOf('confidential', quaily)).toEqual(['authorization_code', 'refresh_token'])
  })

  it('give a secret to confidential apps, where the dialect knows secrets', () => {
    expect([hasSecret('confidential', civitai), hasSecret('public', civitai)]).toEqual([true, false])
    expect([hasSecret('confidential', quaily), hasSecret('public', quaily)]).toEqual([false, false])
  })

  it('begin with confidential, and explain both', () => {
    expect(defaultType).toBe('confidential')
    expect(clientTypes.confidential).toMatchObject({ label: 'Confidential', secret: true })
    expect(clientTypes.public).toMatchObject({ label: 'Public', secret: false })
    expect(clientTypes.confidential.advice).toMatch(/server you control/)
    expect(clientTypes.public.advice).toMatch(/PKCE alone/)
  })
})
