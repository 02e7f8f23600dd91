import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AuthStore, createAuthStore } from '../../src/browser/store.ts'
import { openTab } from './tab.ts'

const signedIn = (username = 'ada', id = '7') =>
  ({ status: 'signed-in', user: { id, username }, scopes: ['UserRead'], expiresAt: 1_700_003_600_000 }) as const
const signedOut = { status: 'signed-out' } as const

let tab: ReturnType<typeof openTab>
const stops: (() => void)[] = []
const subscribed = (store: AuthStore, listener = () => {}) => {
  stops.push(store.subscribe(listener))
  return store
}

beforeEach(() => {
  tab = openTab()
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.unstubAllGlobals()
})

describe('a session store in a browser', () => {
  it('is unknown until somebody listens, and then asks the server once', async () => {
    tab.answers.push(signedIn())
    const store = createAuthStore()
    expect(store.get()).toEqual({ status: 'unknown' })
    subscribed(store)
    subscribed(store)
    await tab.settled()
    expect(store.get()).toEqual(signedIn())
    expect(tab.asked).toEqual(['GET /oauth/session'])
  })

  it('asks nothing where the server rendered the page with the session', async () => {
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    await tab.settled()
    expect([store.get().status, tab.asked]).toEqual(['signed-in', []])
  })

  it('answers the same object until something changes, and tells its listeners when it does', () => {
    const heard = vi.fn<() => void>()
    const store = subscribed(createAuthStore({ initial: signedIn() }), heard)
    const before = store.get()
    store.adopt(signedIn())
    expect([store.get() === before, heard.mock.calls.length]).toEqual([true, 0])
    store.adopt(signedOut)
    expect([store.get() === before, heard.mock.calls.length]).toEqual([false, 1])
  })

  it('keeps what it knew while the server does not answer', async () => {
    tab.answers.push(new TypeError('offline'), new Response('busy', { status: 503 }))
    const store = createAuthStore({ initial: signedIn() })
    await store.reload()
    await store.reload()
    expect(store.get().status).toBe('signed-in')
  })

  it('sends a person to sign in, and back to where they are', () => {
    createAuthStore({ basePath: '/login' }).signIn({ scopes: ['BuzzRead'] })
    expect(tab.went).toEqual(['/login/sign-in?returnTo=%2Fgallery%3Fpage%3D2&scopes=BuzzRead'])
  })

  it('signs out with a POST, and goes where it was told', async () => {
    tab.answers.push(signedOut)
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    await store.signOut({ returnTo: '/' })
    expect([store.get(), tab.asked, tab.went]).toEqual([signedOut, ['POST /oauth/sign-out'], ['/']])
  })

  it.each(['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', 'data:text/html,x'])(
    'K5 stays on our origin when told to go to %s afterwards',
    async (returnTo) => {
      const tab = openTab()
      tab.answers.push({ status: 'signed-out' })
      await createAuthStore().signOut({ returnTo })
      expect(tab.went).toEqual(['/'])
    },
  )

  it('stays signed in when sign-out was refused', async () => {
    tab.answers.push(new Response(null, { status: 403 }))
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    await expect(store.signOut()).rejects.toThrow('403')
    expect(store.get().status).toBe('signed-in')
  })
})

describe('an answer that is late', () => {
  const held = () => {
    let answer!: (response: Response) => void
    const response = new Promise<Response>((done) => (answer = done))
    let first = true
    vi.stubGlobal('fetch', async (_: string, init?: RequestInit) => {
      if (init?.method === 'POST' || !first) return Response.json(signedOut)
      first = false
      return response
    })
    return { answer: (session: object) => answer(Response.json(session)) }
  }

  it('does not bring back who signed out while it was under way', async () => {
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    const { answer } = held()
    const reloading = store.reload()
    await store.signOut()
    answer(signedIn())
    await reloading
    expect(store.get()).toEqual(signedOut)
  })

  it('is asked for again when another tab has news meanwhile', async () => {
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    const { answer } = held()
    const reloading = store.reload()
    subscribed(createAuthStore({ initial: signedIn() })).adopt(signedOut)
    await tab.settled()
    answer(signedIn())
    await reloading
    await tab.settled()
    expect(store.get()).toEqual(signedOut)
  })
})

describe('in a browser that refuses channels', () => {
  it('follows the session all the same', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    tab.answers.push(signedIn(), signedOut)
    const store = subscribed(createAuthStore())
    await tab.settled()
    expect(store.get().status).toBe('signed-in')
    await store.signOut()
    expect(store.get()).toEqual(signedOut)
  })
})

describe('with several tabs', () => {
  it('reaches the others when one signs out', async () => {
    const one = subscribed(createAuthStore({ initial: signedIn() }))
    const two = subscribed(createAuthStore({ initial: signedIn() }))
    const other = new Promise<void>((done) => stops.push(two.subscribe(done)))
    tab.server.session = signedOut
    await one.signOut()
    await other
    expect(two.get()).toEqual(signedOut)
  })

  it('reaches the others when a page is rendered for somebody else', async () => {
    const one = subscribed(createAuthStore({ initial: signedIn() }))
    const other = new Promise<void>((done) => stops.push(one.subscribe(done)))
    tab.server.session = signedIn('ben', '8')
    subscribed(createAuthStore({ initial: signedIn('ben', '8') }))
    await other
    expect(one.get()).toMatchObject({ user: { username: 'ben' } })
  })
})

describe('when a person comes back to a tab', () => {
  it('asks the server after a long sleep, and not after a short one', async () => {
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    tab.wake()
    expect(tab.asked).toEqual([])
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 86_400_000)
    tab.answers.push(signedOut)
    tab.wake()
    await tab.settled()
    expect([tab.asked, store.get()]).toEqual([['GET /oauth/session'], signedOut])
  })

  it('asks the server for a page from the back/forward cache', async () => {
    const store = subscribed(createAuthStore({ initial: signedIn() }))
    tab.answers.push(signedOut)
    tab.show(false)
    tab.show(true)
    await tab.settled()
    expect([tab.asked, store.get()]).toEqual([['GET /oauth/session'], signedOut])
  })
})

describe('fetch to the app’s own server', () => {
  it('makes a session known as over that the server says is over', async () => {
    tab.answers.push(new Response('{}', { status: 401 }), signedOut)
    const store = createAuthStore({ initial: signedIn() })
    expect((await store.fetch('/api/things')).status).toBe(401)
    expect(store.get()).toEqual(signedOut)
  })

  it('asks the person for a permission that is missing', async () => {
    tab.answers.push(Response.json({ error: 'scopes_missing', scopes: ['ModelsWrite'] }, { status: 403 }))
    await createAuthStore({ initial: signedIn() }).fetch('/api/things')
    expect(tab.went).toEqual(['/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2&scopes=ModelsWrite'])
  })

  it('leaves what another origin says to the app', async () => {
    const store = createAuthStore({ initial: signedIn() })
    tab.answers.push(new Response('', { status: 401 }))
    tab.answers.push(Response.json({ error: 'scopes_missing', scopes: ['UserWrite'] }, { status: 403 }))
    await store.fetch('https://elsewhere.test/a')
    await store.fetch('//elsewhere.test/b')
    expect([tab.asked, tab.went]).toEqual([['GET https://elsewhere.test/a', 'GET //elsewhere.test/b'], []])
  })

  it.each([Response.json({ error: 'forbidden' }, { status: 403 }), new Response('no', { status: 403 })])(
    'leaves any other refusal to the app',
    async (answer) => {
      tab.answers.push(answer)
      expect((await createAuthStore({ initial: signedIn() }).fetch('/api/things')).status).toBe(403)
      expect(tab.went).toEqual([])
    },
  )
})
