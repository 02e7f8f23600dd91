/**
 * `import '@civitai-oauth/sveltekit/locals'` in `src/app.d.ts` types `event.locals.civitai` everywhere. It is a file of
 * its own because it is global: an app with another dialect, or another name, writes its own line instead.
 */
import type { ScopeOf, Session } from '@civitai-oauth/client'

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- SvelteKit's own way to type `event.locals`
  namespace App {
    interface Locals {
      civitai: Session<ScopeOf['civitai']>
    }
  }
}
