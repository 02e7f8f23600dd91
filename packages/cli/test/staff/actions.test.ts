import type { Provider } from '@civitai-oauth/provider'
import { type Emulator, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { actions } from '../../src/staff/actions.ts'

describe('civitai-oauth staff', () => {
  let emulator: Emulator
  let provider: Provider
  beforeAll(async () => {
    emulator = await startEmulator({ storage: sqlite({ memory: true }) })
    provider = emulator.provider
  })
  beforeEach(() => emulator.reset())
  afterAll(() => emulator.close())

  const act = async (action: 'list' | 'add' | 'remove', name?: string) => {
    const lines = await actions[action]?.(provider, name)
    return lines?.join('\n')
  }
  const isStaff = async (username: string) => (await provider.admin.findPerson(username))?.staff

  it('adds by username or email address, lists, and removes', async () => {
    expect(await act('add', 'BEN')).toBe('ben is staff now, and finds /staff in the portal.')
    expect(await act('add', 'ben@example.com')).toBe('ben is staff.')
    expect(await isStaff('ben')).toBe(true)
    expect(await act('list')).toBe('ben  ben@example.com\nmod  mod@example.com')
    expect(await act('remove', 'ben')).toBe('ben is not staff any more.')
    expect(await act('remove', 'ben')).toBe('ben is not staff.')
    expect(await act('remove', 'mod')).toContain('not staff any more')
    expect(await act('list')).toContain('Nobody is staff')
  })

  it('says what is missing', async () => {
    await expect(act('add')).rejects.toThrow('Name the person')
    await expect(act('add', 'nobody')).rejects.toThrow('There is no account of "nobody"')
    await expect(act('add', 'nobody@example.com')).rejects.toThrow('sign up first')
    await expect(act('list', 'ben')).rejects.toThrow('take the name away')
  })
})
