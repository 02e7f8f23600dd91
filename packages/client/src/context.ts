/** What every request to one app shares: settled once, when the app starts. */
import { type AuthorizationServer, createAuthorizationServer } from './authorization-server.ts'
import { type CookieNames, cookieNames } from './cookie.ts'

import { cookieKeeper } from './cookie-keeper.ts'
import type { Keeper } from './keeper.ts'
import { type StoreKeeper, storeKeeper } from './store-keeper.ts'
import { type Exchanger, createExchanger } from './exchanger.ts'
import { type Settings, misconfigured } from './options.ts'
import type { Platform } from './platform.ts'
import { type Refresher, createRefresher } from './refresher.ts'
import { run } from './run.ts'
import { type Sealer, createSealer } from './seal.ts'
import { engine } from './seal-engine.ts'
import { type SignedOut, createSignedOut } from './signed-out.ts'
import { type Tracing, tracingOf } from './tracing.ts'

export interface Context {
  readonly settings: Settings
  readonly platform: Platform
  readonly server: AuthorizationServer
  readonly tracing: Tracing
  readonly keeper: Keeper | StoreKeeper
  readonly refresher: Refresher
  readonly exchanger: Exchanger
  readonly signedOut: SignedOut
  readonly sealer: Sealer
  readonly site: (request: Request) => Site
}

/** The app, as this request reached it. */
export interface Site {
  readonly origin: string
  readonly names: CookieNames
}

const isLocalName = (name: string) => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(name)

/** `Host` is believed only where it names this machine: everywhere else the origin is configured. */
const originOf = (configured: string | undefined, request: Request): string => {
  if (configured !== undefined) return configured
  const url = new URL(request.url)
  if (isLocalName(url.hostname)) return url.origin
  throw misconfigured(['Set CIVITAI_ORIGIN to the address people see, e.g. https://app.example.'])
}

export const createContext = async (settings: Settings, platform: Platform): Promise<Context> => {
  const { clientId, basePath } = settings
  const names = {
    https: await cookieNames(clientId, basePath, true),
    http: await cookieNames(clientId, basePath, false),
  }
  const tracing = tracingOf(settings)
  const server = tracing.server(createAuthorizationServer(settings, platform))
  // Whoever a session names is known by this server to this app: one secret may serve apps of several servers.
  const sealer = await createSealer(settings.sessionSecrets, engine(), `${clientId} ${settings.issuer}`)
  if (settings.store?.warning !== undefined && !settings.development) console.warn(settings.store.warning)
  const keeper =
    settings.store === undefined
      ? cookieKeeper(settings, sealer, server, platform.now)
      : storeKeeper(settings, sealer, server, platform, settings.store)
  return {
    settings,
    platform,
    server,
    tracing,
    keeper,
    sealer,
    refresher: await run(createRefresher(keeper, platform)),
    signedOut: createSignedOut(platform.now),
    exchanger: await run(createExchanger(server, settings, platform)),
    site: (request) => {
      const origin = originOf(settings.origin, request)
      return { origin, names: origin.startsWith('https:') ? names.https : names.http }
    },
  }
}
