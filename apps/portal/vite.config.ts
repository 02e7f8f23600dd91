import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite'

/** Workspace packages are taken from source, so a build of the portal needs no other build first. */
const source = '@civitai-oauth/source'

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  // The command line carries this build to every user: without a third of it that only restates the sources.
  environments: { ssr: { build: { sourcemap: false } } },
  plugins: [
    sveltekit({
      adapter: adapter(),
      // A component's few lines of style come with the page: one request for the house's own, not seven, before it is painted.
      inlineStyleThreshold: 4096,
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          // The one style attribute there is: SvelteKit's own, that hides its announcer of page changes from sight.
          'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
          'img-src': ['self', 'data:', 'https:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
          'base-uri': ['none'],
          'manifest-src': ['self'],
        },
      },
    }),
  ],
})
