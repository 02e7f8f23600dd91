import type { ReadEvent } from '@civitai-oauth/provider'
import { describe, expect, it } from 'vitest'
import { concerned, detailsOf, groupOf, labelOfEvent, peopleIn, perDay, reasonsIn } from '../../src/lib/event-words.ts'

const day = 86_400_000
const today = 20_000 * day

const event = (kind: string, at = today, detail: Record<string, string> = {}): ReadEvent => ({
  id: 1,
  at,
  kind: kind as ReadEvent['kind'],
  clientId: 'civ_1',
  person: 'somebody',
  by: null,
  detail,
})

describe('the log in words', () => {
  it('says why something was refused, and what a mask of permissions stands for', () => {
    expect(detailsOf(event('refused', today, { reason: 'code_verifier' }), 'civitai')).toEqual([
      'the PKCE verifier does not fit',
    ])
    expect(detailsOf(event('granted', today, { scopes: '65537' }), 'civitai')).toEqual([
      'Read profile, settings & email, View buzz balance & history',
    ])
    expect(detailsOf(event('granted', today, { scopes: '5' }), 'quaily')).toEqual([
      'Read basic profile information, Read and manage posts and related content',
    ])
  })

  it('shows a kind and a detail that it does not know as they are', () => {
    expect(labelOfEvent(event('something-new'))).toBe('something-new')
    expect(groupOf(event('something-new'))).toBeNull()
    expect(detailsOf(event('granted', today, { reason: 'new', scopes: 'x', other: '1' }), 'civitai')).toEqual([
      'new',
      'other: 1',
    ])
  })
})

describe('whom an event concerns, for the owner of an app', () => {
  it('is a person and never which, staff and never which, and not themself', () => {
    expect(concerned(event('granted'))).toBe('a person')
    expect(concerned({ ...event('app-verified'), person: 'self', by: 'staff' })).toBe('by staff')
    expect(concerned({ ...event('app-edited'), person: 'self' })).toBe('')
    expect(concerned({ ...event('something-new'), person: null })).toBe('')
  })

  it('is counted once for each person', () => {
    const second = { ...event('signed-in'), person: 'another' }
    const noSignIn = { ...event('granted'), person: 'a third' }
    expect(peopleIn([event('signed-in'), event('signed-in'), second, noSignIn])).toBe(2)
  })
})

describe('the chart', () => {
  it('has a bar for each day, today last, and leaves out what is older', () => {
    const events = [
      event('signed-in', today + 5),
      event('signed-in', today - 1),
      event('refused', today - 1, { reason: 'denied' }),
      event('token-reused', today - day),
      event('app-edited', today),
      event('signed-in', today - 3 * day),
    ]
    const refreshes = [
      { day: today - 9 * day, refreshes: 9 },
      { day: today, refreshes: 4 },
    ]
    const days = perDay(events, refreshes, today + 7, 3)
    const reuse = 'A spent refresh token came back: that sign-in has ended'
    expect(days).toEqual([
      { day: today - 2 * day, signIns: 0, refreshes: 0, refusals: 0, reasons: {} },
      {
        day: today - day,
        signIns: 1,
        refreshes: 0,
        refusals: 2,
        reasons: { 'the person pressed Deny': 1, [reuse]: 1 },
      },
      { day: today, signIns: 1, refreshes: 4, refusals: 0, reasons: {} },
    ])
    expect(reasonsIn([...days, { ...days[0]!, reasons: { [reuse]: 2 } }])).toEqual([
      [reuse, 3],
      ['the person pressed Deny', 1],
    ])
  })
})
