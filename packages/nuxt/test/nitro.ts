/**
 * As much of Nitro 2's run time as our runtime asks for, over the real h3: hooks, route rules, runtime config, and
 * handlers in Nitro's order. Stands in for `nitropack/runtime`.
 */
import { type App, type EventHandler, type H3Event, createApp, createRouter, defineEventHandler, sendError } from 'h3'

type Listener = (...args: never[]) => unknown

export interface NitroDouble {
  readonly hooks: {
    hook(name: string, listener: Listener): void
    callHook(name: string, ...args: readonly unknown[]): Promise<void>
    callHookWith(caller: (listeners: readonly Listener[]) => void, name: string): void
  }
  readonly h3App: App
}

/** Each after the one before, as hookable calls them. */
const createHooks = (): NitroDouble['hooks'] => {
  const listeners = new Map<string, Listener[]>()
  return {
    hook: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    callHook: async (name, ...args) => {
      for (const listener of listeners.get(name) ?? []) await listener(...(args as never[]))
    },
    callHookWith: (caller, name) => caller(listeners.get(name) ?? []),
  }
}

let current: NitroDouble
let config: object
let rules: Readonly<Record<string, object>>

export const useNitroApp = (): NitroDouble => current
export const useRuntimeConfig = (): object => ({ app: { baseURL: '/' }, ...config })
export const getRouteRules = (event: H3Event): object => rules[event.path] ?? {}
export const defineNitroPlugin = <Plugin>(plugin: Plugin): Plugin => plugin

export interface NitroSetup {
  readonly config: object
  readonly rules?: Readonly<Record<string, object>>
  /** The app's own plugin: Nitro runs it after those of modules. */
  readonly own?: (nitro: NitroDouble) => void
  readonly plugin: () => Promise<(nitro: never) => unknown>
  readonly middleware: () => Promise<EventHandler>
  /** The app's own `server/middleware`. */
  readonly ownMiddleware?: readonly EventHandler[]
  readonly routes: Readonly<Record<string, EventHandler>>
}

/** As Nitro starts: the app, what it does for route rules, handlers of the app before those of modules, then plugins. */
export const startNitro = async (setup: NitroSetup): Promise<App> => {
  const hooks = createHooks()
  const h3App = createApp({
    onBeforeResponse: (event, answer) => hooks.callHook('beforeResponse', event, answer),
    // Nitro's own handler answers by itself, without `beforeResponse`.
    onError: (error, event) => sendError(event, error),
  })
  current = { hooks, h3App }
  ;({ config } = setup)
  rules = setup.rules ?? {}
  h3App.use(defineEventHandler(() => {}))
  for (const own of setup.ownMiddleware ?? []) h3App.use(own)
  h3App.use(await setup.middleware())
  const router = createRouter()
  for (const [path, handler] of Object.entries(setup.routes)) router.use(path, handler)
  h3App.use(router)
  const plugin = await setup.plugin()
  plugin(current as never)
  setup.own?.(current)
  return h3App
}
