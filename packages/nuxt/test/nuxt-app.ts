/** As much of Nuxt's app as our runtime asks for, one page at a time. Stands in for `nuxt/app`. */
import type { BrowserSession } from '@civitai-oauth/client/browser'

type Hook = () => void

export interface PageDouble {
  isHydrating: boolean
  baseURL?: string
  payload: { serverRendered: boolean; state: Record<string, unknown> }
  /** The session of the request that is rendered; none in a browser, and none for a page that is cached. */
  event?: { context: { civitai?: { view: BrowserSession; signInPath(request: object): string } & BrowserSession } }
  readonly waiting: Hook[]
  readonly hooks: { hookOnce(name: string, run: Hook): void }
  $civitaiAuth?: unknown
  readonly vueApp: { provide(key: symbol, value: unknown): void }
  readonly $config: object
  readonly $router: { readonly currentRoute: { readonly value: { readonly fullPath: string } } }
}

export let page: PageDouble

declare global {
  /** What Nuxt's builds know as `import.meta.server` and `import.meta.client`. */
  var onServer: boolean
  var onClient: boolean
}

/** A page; what a plugin provides is put on it. */
export const openPage = (given: Partial<PageDouble> = {}): PageDouble => {
  globalThis.onServer = given.event !== undefined
  globalThis.onClient = !globalThis.onServer
  const waiting: Hook[] = []
  page = {
    isHydrating: false,
    payload: { serverRendered: true, state: {} },
    waiting,
    hooks: { hookOnce: (_, run) => void waiting.push(run) },
    vueApp: { provide: () => {} },
    $config: { app: { baseURL: given.baseURL ?? '/' }, public: { civitaiAuth: { basePath: '/oauth' } } },
    $router: { currentRoute: { value: { fullPath: '/' } } },
    ...given,
  }
  return page
}

export const defineNuxtPlugin = <Plugin>(plugin: Plugin): Plugin => plugin
export const defineNuxtRouteMiddleware = <Guard>(guard: Guard): Guard => guard
export const useNuxtApp = (): PageDouble => page
export const useRequestEvent = (): PageDouble['event'] => page.event
export const navigateTo = (to: string, options: object): object => ({ to, ...options })
export const useState = <Value>(key: string, make: () => Value): { value: Value } => {
  page.payload.state[key] ??= make()
  return { value: page.payload.state[key] as Value }
}
