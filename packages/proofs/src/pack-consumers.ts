/**
 * New projects that use what is packed: one row each. A row says how somebody begins, which blocks of the README go where,
 * and how it is checked, built and run. Versions stand here, so that a run next year tries the same.
 */

/** A program of the project that listens on a port. */
export interface Program {
  /** A Node script, below the project. */
  readonly script: string
  readonly args: (port: number) => readonly string[]
  /** More than `.env` has, by the origin that people see, its port, and the port of the program beside it. */
  readonly env: (origin: string, port: number, besides?: number) => Readonly<Record<string, string>>
  /** The line that says it listens. */
  readonly ready: RegExp
}

/** How the app is run, and signed in to. */
export interface Serving extends Program {
  readonly title: 'while it is developed' | 'once it is built'
  /** Run before, with the port's origin in `.env`. */
  readonly build?: string
  /** A second program, started first. */
  readonly beside?: Program
  /** Chromium signs in, too. */
  readonly inBrowser?: boolean
}

export interface TypeCheck {
  readonly typescript: '5.9' | '6.0' | '7.0'
  /** What is added to the project before. */
  readonly add: string
  readonly command: string
}

export interface Consumer {
  readonly name: string
  /** Tried in everyday runs, too: it needs nothing of a registry. */
  readonly everyday?: boolean
  /** The package whose README is followed. */
  readonly readme: string
  /** The framework's own starter, run in an empty folder; without one, `files` begin the project. */
  readonly starter?: string
  /** After the starter: versions it does not choose itself. */
  readonly install: readonly string[]
  /** The headings of the README that are followed, beside what stands above all of them. */
  readonly sections?: readonly string[]
  /** A public client: nothing but a browser can sign in to it. */
  readonly withoutServer?: boolean
  /** What the README does not show because any project has it: a folder below `consumers/`. */
  readonly files: readonly string[]
  /** The README's blocks by the file each is taken from: where they are pasted. `+` in front: above what is there. */
  readonly paste: Readonly<Record<string, string>>
  readonly types: readonly TypeCheck[]
  /** What it is run with, where it is no app. */
  readonly run?: string
  readonly servings: readonly Serving[]
  /** A page for people who are signed in. */
  readonly guarded?: string
  /** Words to press in a browser. */
  readonly words: { readonly signIn: string; readonly signOut: string }
}

const at = (framework: string, ...paths: string[]) =>
  Object.fromEntries(paths.map((path) => [`packages/proofs/consumers/${framework}/${path}`, path]))

const words = { signIn: 'Sign in with Civitai', signOut: 'Sign out' }

const sv = (version: string) =>
  `npx -y sv@${version} create . --template minimal --types ts --add sveltekit-adapter=adapter:node --no-install --no-dir-check --no-download-check`

const sveltekit = {
  readme: 'sveltekit',
  guarded: '/gallery',
  install: [],
  files: ['sveltekit'],
  paste: {
    'apps/demo-sveltekit/src/hooks.server.ts': 'src/hooks.server.ts',
    'apps/demo-sveltekit/src/app.d.ts': '+src/app.d.ts',
    'apps/demo-sveltekit/src/routes/+layout.server.ts': 'src/routes/+layout.server.ts',
    ...at('sveltekit', 'src/routes/+layout.svelte', 'src/routes/gallery/+page.server.ts'),
  },
  words,
} as const

const viteDev: Serving = {
  title: 'while it is developed',
  script: 'node_modules/vite/bin/vite.js',
  args: (port) => ['dev', '--port', String(port), '--strictPort'],
  env: () => ({}),
  ready: /localhost/,
}

const adapterNode = (env: (origin: string) => Readonly<Record<string, string>>): Serving => ({
  title: 'once it is built',
  build: 'pnpm build',
  script: 'build/index.js',
  args: () => [],
  env: (origin, port) => ({ PORT: String(port), CIVITAI_ORIGIN: origin, ...env(origin) }),
  ready: /listening/i,
  inBrowser: true,
})

/** The framework's own checker, with each compiler it runs on. */
const checkedBy = (command: string): readonly TypeCheck[] => [
  { typescript: '5.9', add: 'typescript@~5.9.3', command },
  { typescript: '6.0', add: 'typescript@~6.0.3', command },
]

/** The native compiler beside the framework's: it reads our declarations, and what plain modules use of us. */
const native: TypeCheck = {
  typescript: '7.0',
  add: 'native@npm:typescript@~7.0.2',
  command: 'node node_modules/native/bin/tsc -p tsconfig.plain.json',
}

// svelte-check and SvelteKit do not run on the native compiler yet.
const svelteTypes = [...checkedBy('pnpm check --fail-on-warnings'), native]

const everywhere = (command: string): readonly TypeCheck[] => [
  ...checkedBy(command),
  { typescript: '7.0', add: 'typescript@~7.0.2', command },
]

/** Vite's own starter, whose compiler is the native one already. */
const react = {
  readme: 'react',
  starter: 'npx -y create-vite@9.3.0 . --template react-ts --no-interactive',
  install: [],
  files: [],
  paste: at('react', 'src/App.tsx'),
  words,
} as const

const spa = {
  withoutServer: true,
  paste: { ...react.paste, ...at('react-spa', 'src/main.tsx') },
  types: everywhere('pnpm exec tsc -b'),
  servings: [
    { ...viteDev, inBrowser: true },
    {
      title: 'once it is built',
      build: 'pnpm build',
      script: 'node_modules/vite/bin/vite.js',
      args: (port: number) => ['preview', '--port', String(port), '--strictPort'],
      env: () => ({}),
      ready: /localhost/,
      inBrowser: true,
    },
  ],
} as const

const hono: Program = {
  script: 'server.ts',
  args: () => [],
  env: (_, port) => ({ PORT: String(port) }),
  ready: /Listening/,
}

export const consumers: readonly Consumer[] = [
  {
    name: 'a plain server',
    everyday: true,
    readme: 'client',
    install: [],
    files: ['node'],
    paste: { 'packages/client/test/examples/handler.ts#handler': 'handler.ts' },
    types: everywhere('pnpm add -D @types/node && pnpm exec tsc'),
    servings: [
      {
        title: 'once it is built',
        script: 'serve.ts',
        args: () => [],
        env: (_, port) => ({ PORT: String(port) }),
        ready: /listening/i,
      },
    ],
    words,
  },
  {
    ...sveltekit,
    name: 'sveltekit-3',
    starter: sv('1.0.0-next.7'),
    paste: { ...sveltekit.paste, ...at('sveltekit-3', 'vite.config.ts') },
    types: svelteTypes,
    servings: [viteDev, adapterNode(() => ({}))],
  },
  {
    ...sveltekit,
    name: 'sveltekit-2',
    starter: sv('0.17.1'),
    types: svelteTypes,
    servings: [viteDev, adapterNode((origin) => ({ ORIGIN: origin }))],
  },
  {
    ...sveltekit,
    // The oldest that we say.
    name: 'sveltekit-2.20',
    files: ['sveltekit', 'sveltekit-2.20'],
    starter: sv('0.17.1'),
    install: [
      'pnpm add -D --allow-build=esbuild @sveltejs/kit@2.20.0 @sveltejs/adapter-node@5.2.12 @sveltejs/vite-plugin-svelte@^5.0.3 vite@^6.2.0',
    ],
    types: checkedBy('pnpm check --fail-on-warnings'),
    servings: [viteDev, adapterNode((origin) => ({ ORIGIN: origin }))],
  },
  {
    name: 'nuxt-4.5',
    readme: 'nuxt',
    guarded: '/make',
    install: [],
    files: ['nuxt'],
    paste: {
      'packages/nuxt/test/examples/nuxt.config.ts#config': 'nuxt.config.ts',
      'packages/nuxt/test/examples/generate.post.ts#route': 'server/api/generate.post.ts',
      ...at('nuxt', 'app/app.vue', 'app/pages/make.vue'),
    },
    types: [
      ...checkedBy('pnpm check'),
      // vue-tsc does not run on the native compiler yet: that reads the modules.
      {
        ...native,
        command: `pnpm check && ${['app', 'server'].map((part) => `node node_modules/native/bin/tsc -p .nuxt/tsconfig.${part}.json --noEmit`).join(' && ')}`,
      },
    ],
    servings: [
      {
        title: 'while it is developed',
        script: 'node_modules/nuxt/bin/nuxt.mjs',
        args: (port) => ['dev', '--port', String(port)],
        env: () => ({}),
        ready: /Local:/,
      },
      {
        title: 'once it is built',
        build: 'pnpm build',
        script: '.output/server/index.mjs',
        args: () => [],
        env: (_, port) => ({ PORT: String(port) }),
        ready: /listening/i,
        inBrowser: true,
      },
    ],
    words,
  },
  {
    ...react,
    name: 'react-19, without a server',
    ...spa,
  },
  {
    ...react,
    ...spa,
    name: 'react-18.3, without a server',
    install: ['pnpm add react@~18.3.1 react-dom@~18.3.1', 'pnpm add -D @types/react@~18.3 @types/react-dom@~18.3'],
  },
  {
    ...react,
    name: 'react-19 beside hono',
    files: ['hono-types'],
    sections: ['Beside Hono'],
    paste: {
      ...react.paste,
      ...at('react-hono', 'src/main.tsx', 'server.ts', 'vite.config.ts'),
    },
    types: everywhere('pnpm exec tsc -b && pnpm exec tsc -p tsconfig.server.json'),
    servings: [
      {
        ...viteDev,
        env: (_, __, beside) => ({ PORT: String(beside) }),
        beside: hono,
        inBrowser: true,
      },
      { ...hono, title: 'once it is built', build: 'pnpm build', inBrowser: true },
    ],
  },
  {
    name: 'next-16',
    guarded: '/make',
    readme: 'react',
    sections: ['In Next 16'],
    install: [],
    files: ['next'],
    paste: at(
      'next',
      'app/auth.ts',
      'app/oauth/[...path]/route.ts',
      'proxy.ts',
      'app/layout.tsx',
      'app/account.tsx',
      'app/page.tsx',
      'app/make/page.tsx',
    ),
    types: [...checkedBy('pnpm check'), { ...native, command: 'node node_modules/native/bin/tsc --noEmit' }],
    servings: [
      {
        title: 'while it is developed',
        script: 'node_modules/next/dist/bin/next',
        args: (port) => ['dev', '--port', String(port)],
        env: () => ({}),
        ready: /Ready in/,
      },
      {
        title: 'once it is built',
        build: 'pnpm build',
        script: 'node_modules/next/dist/bin/next',
        args: (port) => ['start', '--port', String(port)],
        env: () => ({}),
        ready: /Ready in/,
        inBrowser: true,
      },
    ],
    words,
  },
  {
    name: 'a test of one’s own',
    readme: 'testing',
    install: ['pnpm add -D vitest@^5.1.1'],
    files: ['testing'],
    paste: { 'packages/testing/test/example.test.ts#example': 'example.test.ts' },
    types: everywhere('pnpm add -D @types/node && pnpm exec tsc'),
    run: 'pnpm exec vitest run',
    servings: [],
    words,
  },
  {
    name: 'a server of one’s own',
    readme: 'provider',
    install: ['pnpm add @civitai-oauth/core effect@~4.1.0'],
    files: ['testing', 'provider'],
    paste: { 'packages/provider/examples/server.ts': 'server.ts' },
    types: everywhere('pnpm add -D @types/node && pnpm exec tsc'),
    servings: [],
    words,
  },
]
