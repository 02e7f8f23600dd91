/**
 * A browser with tabs of an app that has no server: storage per tab and per origin, one page at a time in each tab, and
 * the fake authorization server to go to. A navigation ends a page; `arrive` opens the next one in the same tab.
 */
import { vi } from 'vitest'
import { type PublicOptions, type PublicStore, createPublicStore } from '../../src/browser/public-store.ts'
import { FakeServer, apiOrigin, issuer } from '../fake-server.ts'
import { type Channel, channelsIn } from './channel.ts'

class MemoryStorage implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly #kept = new Map<string, string>()
  full = false
  getItem(key: string) {
    return this.#kept.get(key) ?? null
  }
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
    this.#kept.set(key, value)
  }
  removeItem(key: string) {
    this.#kept.delete(key)
  }
  dump() {
    return [...this.#kept]
  }
}

/** What a browser may lack or refuse. */
export type Lack = 'sessionStorage' | 'localStorage' | 'BroadcastChannel' | 'locks' | 'full storage'

/** Every browser's app is another one, so that the tabs of one test never hear those of another. */
let apps = 0

export class PublicBrowser {
  readonly server = new FakeServer()
  readonly localStorage = new MemoryStorage()
  readonly channels = new Set<Channel>()
  readonly lacks: readonly Lack[]

  constructor(...lacks: readonly Lack[]) {
    this.lacks = lacks
    this.server.secrets = [null]
    this.server.clientId = `spa-${++apps}`
    if (lacks.includes('full storage')) this.localStorage.full = true
    this.offer('localStorage', () => this.localStorage)
    vi.stubGlobal('fetch', this.server.fetch)
    vi.stubGlobal('dispatchEvent', () => true)
    vi.stubGlobal('PopStateEvent', Event)
    // Nobody waits for the wall clock: a wait is over when nothing else is left to do.
    vi.stubGlobal('setTimeout', (run: () => void) => setImmediate(run))
    vi.stubGlobal('clearTimeout', clearImmediate)
    const { channels } = this
    vi.stubGlobal('BroadcastChannel', lacks.includes('BroadcastChannel') ? undefined : channelsIn(channels))
    if (lacks.includes('locks')) vi.stubGlobal('navigator', {})
  }

  /** A global that throws when it is named, where the browser refuses it. */
  offer(name: 'sessionStorage' | 'localStorage', get: () => MemoryStorage): void {
    vi.stubGlobal(name, undefined)
    const refused = this.lacks.includes(name)
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        if (refused) throw new DOMException('The operation is insecure.', 'SecurityError')
        return get()
      },
    })
  }

  /** Ends every page there is: none of them hears or answers another any more. */
  silence(): void {
    this.channels.clear()
  }

  /** A tab whose first page is open. */
  async tab(options: Partial<PublicOptions> = {}): Promise<Tab> {
    const tab = new Tab(this)
    await tab.open(tab.address, options)
    return tab
  }
}

/** All that is under way has come to its end. */
export const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await new Promise<void>((done) => setImmediate(done))
}

export class Tab {
  readonly sessionStorage = new MemoryStorage()
  readonly #browser: PublicBrowser
  #left: ((url: string) => void) | undefined
  #page = new EventTarget()
  #document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  #channels: readonly Channel[] = []
  address = 'https://spa.test/gallery?page=2'
  store!: PublicStore
  /** Pages that the back button would go through. */
  steps = 0

  constructor(browser: PublicBrowser) {
    this.#browser = browser
    this.sessionStorage.full = browser.lacks.includes('full storage')
  }

  /** Goes into the back/forward cache, and hears nothing there. */
  sleep(): void {
    for (const channel of this.#channels) channel.asleep = true
  }

  /** Comes back out of it; answers once all that follows has happened. */
  async wake(): Promise<void> {
    this.focus()
    for (const channel of this.#channels) channel.asleep = false
    this.#page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    await settled()
  }

  /** The person turns away from the tab, or to it. */
  async turnTo(visibilityState: 'hidden' | 'visible'): Promise<void> {
    this.focus()
    this.#document.visibilityState = visibilityState
    this.#document.dispatchEvent(new Event('visibilitychange'))
    await settled()
  }

  /** The tab's page goes away, and what it held in memory with it. */
  close(): void {
    for (const channel of this.#channels) channel.close()
  }

  /** The globals are those of this tab from now on. */
  focus(): void {
    this.#browser.offer('sessionStorage', () => this.sessionStorage)
    vi.stubGlobal('document', this.#document)
    vi.stubGlobal('addEventListener', this.#page.addEventListener.bind(this.#page))
    const url = () => new URL(this.address)
    const go = (to: string) => {
      this.address = new URL(to, this.address).href
      this.#left?.(this.address)
    }
    vi.stubGlobal('location', {
      get href() {
        return url().href
      },
      get origin() {
        return url().origin
      },
      get pathname() {
        return url().pathname
      },
      get search() {
        return url().search
      },
      get hash() {
        return url().hash
      },
      assign: (to: string) => {
        this.steps++
        go(to)
      },
      replace: (to: string) => go(to),
    })
    vi.stubGlobal('history', {
      state: null,
      replaceState: (_: unknown, __: string, to: string) => void (this.address = new URL(to, this.address).href),
    })
  }

  /** Opens a page; answers once the store has settled, or has left for another page. */
  async open(address: string, options: Partial<PublicOptions> = {}): Promise<PublicStore> {
    this.address = address
    this.close()
    this.#page = new EventTarget()
    this.#document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const left = this.leaves()
    const others = new Set(this.#browser.channels)
    this.store = createPublicStore({
      clientId: this.#browser.server.clientId,
      issuer,
      apiOrigin,
      scopes: ['BuzzRead'],
      ...options,
    })
    this.#channels = [...this.#browser.channels].filter((channel) => !others.has(channel))
    const known = new Promise<void>((done) => {
      const stop = this.store.subscribe(() => {
        stop()
        done()
      })
    })
    await Promise.race([left, known])
    return this.store
  }

  /** Where the page goes next. */
  leaves(): Promise<string> {
    this.focus()
    return new Promise((done) => (this.#left = done))
  }

  /** Presses the app's button, and the server's; the page that opens on the way back. */
  async signIn(
    options: Partial<PublicOptions> = {},
    answer: Parameters<FakeServer['approve']>[1] = {},
  ): Promise<PublicStore> {
    const left = this.leaves()
    this.store.signIn()
    return this.open(this.#browser.server.approve(await left, answer), options)
  }
}
