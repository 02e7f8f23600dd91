/** The one handler of this server, from the module's options and the environment. */
import { type CivitaiAuth, createCivitaiAuth } from '@civitai-oauth/client'
import { useNitroApp, useRuntimeConfig } from 'nitropack/runtime'
import type { CivitaiHooks } from '../../hooks.ts'
import type { ModuleOptions } from '../../options.ts'

/** An option left empty is one that is not given: then `CIVITAI_…` counts. */
const given = (options: object): ModuleOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')) as ModuleOptions

let auth: CivitaiAuth | undefined

/** Throws one `OptionsInvalid` that lists everything missing or wrong. */
export const civitaiAuth = (): CivitaiAuth => {
  const call = <Name extends keyof CivitaiHooks>(name: Name, ...args: Parameters<CivitaiHooks[Name]>) =>
    useNitroApp().hooks.callHook(name, ...args)
  auth ??= createCivitaiAuth({
    ...given(useRuntimeConfig()['civitaiAuth'] as object),
    onSignIn: (user) => call('civitai:sign-in', user),
    onEvent: (event) => void call('civitai:event', event),
  } as Parameters<typeof createCivitaiAuth>[0])
  return auth
}
