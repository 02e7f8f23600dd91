/** Sign in with Civitai for Nuxt. The module only wires: what it does on the server and in the app is in `runtime`. */
import * as kit from '@nuxt/kit'
import type { NitroConfig } from 'nitropack'
import type { NuxtModule } from 'nuxt/schema'
import { addDevtools } from './devtools.ts'
import type { ModuleOptions } from './options.ts'

export type { BrowserSession, SignInRequest, User } from '@civitai-oauth/client/browser'
export type { AuthEvent, Session } from '@civitai-oauth/client'
export type * from './hooks.ts'
export type { ModuleOptions, PageRequirement, ScopeOf } from './options.ts'
export type { CivitaiAuth } from './vue.ts'
export type { SignedIn } from './runtime/server/require-civitai-user.ts'

/** Types what an app sees, in the scopes of its dialect. */
const augmentations = (dialect: string) => `import type { PageRequirement, ScopeOf, Session } from '@civitai-oauth/nuxt'

declare module 'nuxt/app' {
  interface PageMeta {
    civitaiAuth?: PageRequirement<ScopeOf['${dialect}']>
  }
}
declare module 'h3' {
  interface H3EventContext {
    /** The session of this request; absent where the answer is cached, and so the same for everyone. */
    civitai?: Session<ScopeOf['${dialect}']>
  }
}
`

/** Imported by themselves where a template names them. */
const components = [
  ['CivitaiSignIn', 'sign-in'],
  ['CivitaiSignOut', 'sign-out'],
  ['CivitaiPermissions', 'permissions'],
] as const

const module: NuxtModule<ModuleOptions, ModuleOptions, false> = kit.defineNuxtModule<ModuleOptions>({
  meta: { name: '@civitai-oauth/nuxt', configKey: 'civitaiAuth', compatibility: { nuxt: '>=4.5.0' } },
  async setup(options, nuxt) {
    const { resolve, resolvePath } = kit.createResolver(import.meta.url)
    const { basePath = '/oauth' } = options
    // Every key is there, so that `NUXT_CIVITAI_AUTH_…` can fill it when the server starts.
    const fromEnvironment = { clientId: '', clientSecret: '', sessionSecret: '', issuer: '', apiOrigin: '', origin: '' }
    const given = nuxt.options.runtimeConfig['civitaiAuth'] as object | undefined
    nuxt.options.runtimeConfig['civitaiAuth'] = { ...fromEnvironment, ...options, basePath, ...given }
    nuxt.options.runtimeConfig.public['civitaiAuth'] = { basePath }

    // It is bundled already: looking for names to import in it finds its own.
    const client = await resolvePath('@civitai-oauth/client')
    const skip = ({ imports }: NitroConfig) => {
      if (imports) imports.exclude = [imports.exclude ?? [], client].flat()
    }
    nuxt.hooks.addHooks({ 'nitro:config': skip } as object)

    kit.addServerPlugin(resolve('./runtime/server/plugin'))
    kit.addServerHandler({ middleware: true, handler: resolve('./runtime/server/middleware') })
    kit.addServerImports([
      { name: 'requireCivitaiUser', from: resolve('./runtime/server/require-civitai-user') },
      { name: 'isAuthError', from: resolve('./runtime/server/is-auth-error') },
    ])
    kit.addPlugin(resolve('./runtime/app/plugin'))
    kit.addRouteMiddleware({ name: 'civitai-auth', path: resolve('./runtime/app/guard'), global: true })
    for (const [name, file] of components)
      kit.addComponent({ name, export: name, filePath: resolve(`./components/${file}`) })
    kit.addImports({ name: 'useCivitaiAuth', from: resolve('./runtime/app/use-civitai-auth') })
    if (nuxt.options.dev) addDevtools(nuxt, resolve)
    kit.addTypeTemplate(
      { filename: 'types/civitai-auth.d.ts', getContents: () => augmentations(options.dialect ?? 'civitai') },
      { nuxt: true, nitro: true },
    )
  },
})

export default module
