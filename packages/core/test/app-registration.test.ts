import { describe, expect, it } from 'vitest'
import { type Draft, check, descriptionLimit, nameLimit } from '../src/app-registration.ts'
import { civitai } from '../src/dialects/civitai.ts'
import { quaily } from '../src/dialects/quaily.ts'

const draft: Draft = {
  name: 'Radio',
  description: 'Plays music.',
  redirectUris: 'https://radio.example/cb',
  scopes: ['BuzzRead'],
  type: 'confidential',
}
const problems = (changes: Partial<Draft>, dialect: Parameters<typeof check>[1] = civitai) => {
  const checked = check({ ...draft, ...changes }, dialect)
  return checked._tag === 'Invalid' ? checked.problems : []
}

describe('the app form', () => {
  it('gives a registration: trimmed, with the baseline, scopes in order', () => {
    const checked = check(
      {
        ...draft,
        name: ' Radio ',
        description: ' Plays music.\n',
        redirectUris: 'https://radio.example/cb\n\nhttp://localhost:3000/cb',
        scopes: ['BuzzRead', 'ModelsRead', 'BuzzRead'],
      },
      civitai,
    )
    expect(checked).toEqual({
      _tag: 'Valid',
      registration: {
        name: 'Radio',
        description: 'Plays music.',
        redirectUris: ['https://radio.example/cb', 'http://localhost:3000/cb'],
        scopes: ['UserRead', 'ModelsRead', 'BuzzRead'],
        type: 'confidential',
      },
    })
  })

  it('needs a name of 1 to 128 characters, as people count them', () => {
    expect(problems({ name: ' \n' })).toStrictEqual([
      { field: 'name', message: 'Give the app a name people will recognise.' },
    ])
    expect(problems({ name: '😀'.repeat(nameLimit) })).toEqual([])
    expect(problems({ name: 'x'.repeat(nameLimit + 1) })).toEqual([
      { field: 'name', message: 'Keep the name to 128 characters.' },
    ])
  })

  it('takes a description of up to 500 characters, or none', () => {
    expect(problems({ description: '' })).toEqual([])
    expect(problems({ description: '😀'.repeat(descriptionLimit) })).toEqual([])
    expect(problems({ description: 'x'.repeat(descriptionLimit + 1) })).toEqual([
      { field: 'description', message: 'Keep the description to 500 characters.' },
    ])
  })

  it.each(['\u200b', '\u2066\u2069', '\u3164', '\ufeff \u00ad', '\u2800', '\u{e0041}'])(
    'U6 refuses the name %j, of which the consent page would show nothing',
    (name) => {
      expect(problems({ name })).toEqual([{ field: 'name', message: 'Give the app a name people will recognise.' }])
    },
  )

  it('H4 refuses control characters, which no page shows and not every database holds', () => {
    expect(problems({ name: 'Ra\u0000dio' })).toMatchObject([{ field: 'name' }])
    expect(problems({ name: 'Ra\ndio' })).toEqual([
      { field: 'name', message: 'Keep the name on one line, without control characters.' },
    ])
    expect(problems({ description: 'One\u0000' })).toEqual([
      { field: 'description', message: 'Remove the control characters.' },
    ])
    expect(problems({ description: 'One.\r\nTwo.\tThree.' })).toEqual([])
  })

  it('names the line of a redirect URI it refuses', () => {
    expect(problems({ redirectUris: 'https://radio.example/cb\nhttp://radio.example/cb' })).toEqual([
      { field: 'redirectUris', line: 'http://radio.example/cb', message: expect.stringContaining('Use https://') },
    ])
    expect(problems({ redirectUris: '' })).toEqual([
      { field: 'redirectUris', line: '', message: 'Add at least one redirect URI.' },
    ])
  })

  it('takes exactly one redirect URI where the dialect knows one', () => {
    const two = { redirectUris: 'https://a.example/1\nhttps://a.example/2', scopes: ['user.full'] }
    expect(problems(two, quaily)).toEqual([
      { field: 'redirectUris', message: 'This kind of app has exactly one redirect URI.' },
    ])
    expect(problems({ scopes: ['user.full'] }, quaily)).toEqual([])
  })

  it('refuses scopes that do not exist in the dialect', () => {
    expect(problems({ scopes: ['BuzzRead', 'user.full', 'nonsense'] })).toEqual([
      { field: 'scopes', message: 'Unknown permission: user.full, nonsense.' },
    ])
  })

  it('refuses trusted-only scopes unless staff trusts the app', () => {
    const wish = { ...draft, scopes: ['credit.full', 'user.public'] }
    expect(problems(wish, quaily)).toEqual([{ field: 'scopes', message: 'Only trusted apps may ask for credit.full.' }])
    const stricter = { ...quaily, scopes: { ...quaily.scopes, trustedOnly: ['user.public', 'credit.full'] as const } }
    expect(check(wish, stricter)).toMatchObject({
      problems: [{ message: 'Only trusted apps may ask for credit.full, user.public.' }],
    })
    expect(check(wish, quaily, { trusted: true })).toMatchObject({
      _tag: 'Valid',
      registration: { scopes: ['user.public', 'credit.full'] },
    })
  })

  it('knows two types', () => {
    expect(problems({ type: 'hybrid' as Draft['type'] })).toEqual([
      { field: 'type', message: 'Choose confidential or public.' },
    ])
    expect(problems({ type: 'toString' as Draft['type'] })).toHaveLength(1)
    expect(problems({ type: 'public' })).toEqual([])
  })

  it('accepts plain http where the profile has that quirk', () => {
    const wish = { ...draft, redirectUris: 'http://radio.example/cb' }
    expect(check(wish, civitai, { quirks: new Set(['http-allowed']) })._tag).toBe('Valid')
  })

  it('lists every problem at once', () => {
    const all = problems({ name: '', redirectUris: '/x\n/y', scopes: ['x'], type: 'x' as Draft['type'] })
    expect(all.map(({ field }) => field)).toEqual(['name', 'redirectUris', 'redirectUris', 'scopes', 'type'])
  })
})
