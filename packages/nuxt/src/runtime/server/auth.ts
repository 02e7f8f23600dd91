/** The one handler of this server, from the module's options and the environment. */
import { type AuthEvent, type CivitaiAuth, type Options, type User, createCivitaiAuth } from '@civitai-oauth/client'
import { useNitroApp, useRuntimeConfig } from 'nitropack/runtime'
import type { CivitaiHooks } from '../../hooks.ts'
import type { ModuleOptions } from '../../options.ts'
import { within } from '../within.ts'

/** An option left empty is one that is not given: then `CIVITAI_…` counts. */
const given = (options: object): ModuleOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')) as ModuleOptions

const create = (): CivitaiAuth => {
  const { hooks } = useNitroApp()
  const call = <Name extends keyof CivitaiHooks>(name: Name, ...args: Parameters<CivitaiHooks[Name]>) =>
    hooks.callHook(name, ...args)
  const { app, civitaiAuth } = useRuntimeConfig()
  const { basePath, callbackPath, ...configured } = given(civitaiAuth as object)
  const options = {
    ...configured,
    basePath: within(app.baseURL, basePath),
    ...(callbackPath !== undefined && { callbackPath: within(app.baseURL, callbackPath) }),
    onSignIn: (user: User) => call('civitai:sign-in', user),
    onEvent: (event: AuthEvent) => void call('civitai:event', event),
  } as Options
  // Not waited for: the handler is made now.
  hooks.callHookWith((listeners) => listeners.forEach((listen) => listen(options)), 'civitai:options', options)
  return createCivitaiAuth(options)
}

let auth: CivitaiAuth | undefined

/** Throws one `OptionsInvalid` that lists everything missing or wrong. */
export const civitaiAuth = (): CivitaiAuth => (auth ??= create())
