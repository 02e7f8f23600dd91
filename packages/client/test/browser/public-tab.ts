/**
 * A browser with tabs of an app that has no server: storage per tab and per origin, one page at a time in each tab, and
 * the fake authorization server to go to. A navigation ends a page; `arrive` opens the next one in the same tab.
 */
import { vi } from 'vitest'
import { type PublicOptions, type PublicStore, createPublicStore } from '../../src/browser/public-store.ts'
import { FakeServer, apiOrigin, issuer } from '../fake-server.ts'

class MemoryStorage implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly #kept = new Map<string, string>()
  getItem(key: string) {
    return this.#kept.get(key) ?? null
  }
  setItem(key: string, value: string) {
    this.#kept.set(key, value)
  }
  removeItem(key: string) {
    this.#kept.delete(key)
  }
  dump() {
    return [...this.#kept]
  }
}

/** Every browser's app is another one, so that the tabs of one test never hear those of another. */
let apps = 0

export class PublicBrowser {
  readonly server = new FakeServer()
  readonly localStorage = new MemoryStorage()
  readonly channels: BroadcastChannel[] = []

  constructor() {
    this.server.secrets = [null]
    this.server.clientId = `spa-${++apps}`
    vi.stubGlobal('localStorage', this.localStorage)
    vi.stubGlobal('fetch', this.server.fetch)
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
    vi.stubGlobal('addEventListener', () => {})
    vi.stubGlobal('dispatchEvent', () => true)
    vi.stubGlobal('PopStateEvent', Event)
    const { channels } = this
    const Channel = globalThis.BroadcastChannel
    vi.stubGlobal(
      'BroadcastChannel',
      class extends Channel {
        constructor(name: string) {
          super(name)
          channels.push(this)
        }
      },
    )
  }

  /** Ends every page there is: none of them hears or answers another any more. */
  silence(): void {
    for (const channel of this.channels.splice(0)) channel.close()
  }

  /** A tab whose first page is open. */
  async tab(options: Partial<PublicOptions> = {}): Promise<Tab> {
    const tab = new Tab(this)
    await tab.open(tab.address, options)
    return tab
  }
}

export class Tab {
  readonly sessionStorage = new MemoryStorage()
  readonly #browser: PublicBrowser
  #left: ((url: string) => void) | undefined
  address = 'https://spa.test/gallery?page=2'
  store!: PublicStore

  constructor(browser: PublicBrowser) {
    this.#browser = browser
  }

  /** The globals are those of this tab from now on. */
  focus(): void {
    vi.stubGlobal('sessionStorage', this.sessionStorage)
    const url = () => new URL(this.address)
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
      assign: (to: string) => {
        this.address = new URL(to, this.address).href
        this.#left?.(this.address)
      },
    })
    vi.stubGlobal('history', {
      state: null,
      replaceState: (_: unknown, __: string, to: string) => void (this.address = new URL(to, this.address).href),
    })
  }

  /** Opens a page; answers once the store has settled, or has left for another page. */
  async open(address: string, options: Partial<PublicOptions> = {}): Promise<PublicStore> {
    this.address = address
    this.focus()
    const left = this.leaves()
    this.store = createPublicStore({
      clientId: this.#browser.server.clientId,
      issuer,
      apiOrigin,
      scopes: ['BuzzRead'],
      ...options,
    })
    const settled = new Promise<void>((done) => {
      const stop = this.store.subscribe(() => {
        stop()
        done()
      })
    })
    await Promise.race([left, settled])
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
