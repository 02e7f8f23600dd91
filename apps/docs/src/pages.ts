/**
 * The table of contents. A page is a Markdown file of this repository (a guide in `pages/`, or a package's README, so
 * that nothing is said twice), or a reference made from core's own tables.
 */
import { errorReference } from './reference/errors.ts'
import { presetReference } from './reference/presets.ts'
import { scopeReference } from './reference/scopes.ts'

export interface Page {
  /** The address: `/<slug>/`, or `/` for the empty slug. */
  readonly slug: string
  readonly title: string
  readonly section: 'Start' | 'Packages' | 'Reference'
  /** A Markdown file, relative to the repository. */
  readonly file?: string
  readonly markdown?: () => string
}

const readme = (name: string): Page => ({
  slug: name,
  title: name === 'cli' ? 'civitai-oauth (command line)' : `@civitai-oauth/${name}`,
  section: 'Packages',
  file: `packages/${name}/README.md`,
})

export const pages: readonly Page[] = [
  { slug: '', title: 'Overview', section: 'Start', file: 'apps/docs/pages/index.md' },
  {
    slug: 'getting-started',
    title: 'Sign in on SvelteKit',
    section: 'Start',
    file: 'apps/docs/pages/getting-started.md',
  },
  { slug: 'next', title: 'Sign in in Next 16', section: 'Start', file: 'apps/docs/pages/next.md' },
  { slug: 'hono', title: 'Sign in with Hono', section: 'Start', file: 'apps/docs/pages/hono.md' },
  { slug: 'register-an-app', title: 'Register an app', section: 'Start', file: 'apps/docs/pages/register-an-app.md' },
  { slug: 'components', title: 'Buttons and permissions', section: 'Start', file: 'apps/docs/pages/components.md' },
  ...['core', 'client', 'sveltekit', 'nuxt', 'react', 'provider', 'testing', 'cli'].map(readme),
  { slug: 'scopes', title: 'Scopes', section: 'Reference', markdown: scopeReference },
  { slug: 'errors', title: 'Errors', section: 'Reference', markdown: errorReference },
  { slug: 'machines', title: 'The machines', section: 'Reference', file: 'packages/core/docs/machines.md' },
  { slug: 'presets', title: 'Presets and the grid', section: 'Reference', markdown: presetReference },
]
