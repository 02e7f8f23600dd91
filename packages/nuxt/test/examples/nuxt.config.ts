import { defineNuxtConfig } from 'nuxt/config'
import type { ModuleOptions } from '../../src/module.ts'

// As Nuxt does by itself for a module that is installed.
declare module 'nuxt/schema' {
  interface NuxtConfig {
    civitaiAuth?: ModuleOptions
  }
}

// #config
// nuxt.config.ts
export default defineNuxtConfig({
  modules: ['@civitai-oauth/nuxt'],
  civitaiAuth: { scopes: ['UserRead', 'BuzzRead'] },
})
// #end
