export default defineNuxtConfig({
  modules: ['@civitai-oauth/nuxt'],
  civitaiAuth: { scopes: ['UserRead', 'BuzzRead'] },
  compatibilityDate: '2026-11-01',
  devtools: { enabled: false },
  telemetry: false,
})
