export default defineNuxtConfig({
  modules: ['@civitai-oauth/nuxt'],
  // The whole integration. Client id, secrets and addresses come from the environment.
  civitaiAuth: { scopes: ['UserRead', 'BuzzRead'] },

  // Made once, when the app is built, and the same for everyone.
  routeRules: { '/how': { prerender: true } },
  app: {
    head: {
      htmlAttrs: { lang: 'en' },
      meta: [{ name: 'color-scheme', content: 'light dark' }],
      link: [{ rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }],
    },
  },
  css: ['~/assets/app.css'],
  compatibilityDate: '2026-11-01',
  devtools: { enabled: false },
  telemetry: false,
})
