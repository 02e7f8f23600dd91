import { describe, expect, it } from 'vitest'
import type { BrowserSession } from '../src/browser/store.ts'
import { leavesPage, signInLink, signInState, signInWords, wordsFor } from '../src/components.ts'
import { permissionsOf } from '../src/permissions.ts'

const ada: BrowserSession = {
  status: 'signed-in',
  user: { id: '1', username: '$& <Ada>' },
  scopes: ['BuzzRead', 'UserRead', 'Bit40'],
  expiresAt: 0,
}

describe('a link to sign in', () => {
  it.each([
    [{}, '/oauth/sign-in'],
    [{ returnTo: '/a?b=c&d' }, '/oauth/sign-in?returnTo=%2Fa%3Fb%3Dc%26d'],
    [{ scopes: ['BuzzRead', 'UserWrite'] }, '/oauth/sign-in?scopes=BuzzRead+UserWrite'],
    [{ returnTo: 'javascript:alert(1)' }, '/oauth/sign-in?returnTo=javascript%3Aalert%281%29'],
    [{ returnTo: '//evil.example' }, '/oauth/sign-in?returnTo=%2F%2Fevil.example'],
  ])('K5 leads to our own route, whatever it shall come back to: %o', (request, link) => {
    expect(signInLink('/oauth', request)).toBe(link)
  })
})

describe('the state of a button', () => {
  it.each([
    [{ status: 'unknown' }, [], false, 'unknown'],
    [{ status: 'signed-out' }, [], false, 'signed-out'],
    [{ status: 'signed-out' }, [], true, 'signing-in'],
    [{ status: 'expired', user: { id: '1', username: 'ada' } }, [], false, 'expired'],
    [ada, undefined, false, 'signed-in'],
    [ada, ['BuzzRead'], true, 'signed-in'],
    [ada, ['BuzzRead', 'UserWrite'], false, 'missing'],
    [ada, ['BuzzRead', 'UserWrite'], true, 'signing-in'],
  ] satisfies [BrowserSession, string[] | undefined, boolean, string][])(
    'for %o, who is asked for %o (leaving: %s), is %s',
    (session, scopes, leaving, state) => {
      expect(signInState(session, scopes, leaving)).toBe(state)
    },
  )
})

describe('the words of a state', () => {
  it('name the person as they are spelled', () => {
    expect(wordsFor(signInWords, 'signed-in', ada)).toBe('Signed in as $& <Ada>')
    expect(wordsFor(signInWords, 'signed-out', { status: 'signed-out' })).toBe('Sign in with Civitai')
  })
})

describe('a press', () => {
  const plain = { button: 0, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false }
  it.each([
    [{}, true],
    [{ ctrlKey: true }, false],
    [{ metaKey: true }, false],
    [{ shiftKey: true }, false],
    [{ altKey: true }, false],
    [{ button: 1 }, false],
  ])('leaves this page unless it opens another: %o', (held, leaves) => {
    expect(leavesPage({ ...plain, ...held })).toBe(leaves)
  })
})

describe('permissions', () => {
  it('are what the session holds in the words of the consent page, then what the page lacks', () => {
    expect(permissionsOf(ada, ['AIServicesWrite', 'UserRead'])).toEqual([
      { scope: 'UserRead', label: 'Read profile, settings & email', state: 'granted', spendsBuzz: false },
      { scope: 'AIServicesWrite', label: 'Generate, train & scan', state: 'missing', spendsBuzz: true },
      { scope: 'BuzzRead', label: 'View buzz balance & history', state: 'granted', spendsBuzz: false },
      { scope: 'Bit40', label: 'Bit40', state: 'granted', spendsBuzz: false },
    ])
  })

  it('keep the names of another dialect, described by the app', () => {
    const session: BrowserSession = { ...ada, scopes: ['user.public'] }
    const [first] = permissionsOf(session, [], (scope) => `means ${scope}`)
    expect(first).toMatchObject({ scope: 'user.public', label: 'means user.public', state: 'granted' })
  })

  it('are none where nobody is signed in', () => {
    const others: BrowserSession[] = [
      { status: 'unknown' },
      { status: 'signed-out' },
      { status: 'expired', user: { id: '1', username: 'ada' } },
    ]
    expect(others.map((session) => permissionsOf(session, ['UserRead']))).toEqual([[], [], []])
  })
})
