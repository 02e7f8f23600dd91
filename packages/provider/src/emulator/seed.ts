/**
 * What an emulator begins with: people and apps. Its own are a developer, a person, one of the staff and the demo apps;
 * a seed file adds more.
 */
import * as z from 'zod/mini'
import { sentencesOf } from './zod-sentence.ts'

export interface SeedPerson {
  readonly username: string
  readonly email: string
  readonly staff: boolean
  /** With one, the person signs in by it; without, by one click. */
  readonly password?: string
  /** Yellow buzz to begin with; what the provider gives to sample people unless told. */
  readonly buzz?: number
}

export interface SeedApp {
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly redirectUris: readonly string[]
  readonly type: 'confidential' | 'public'
  readonly scopes?: readonly string[]
  readonly preset?: 'Read Only' | 'Creator' | 'AI Services' | 'Full Access'
  readonly dialect: 'civitai' | 'quaily'
  readonly verified?: boolean
  readonly trusted?: boolean
  /** Credentials that are settled beforehand; otherwise they are made. */
  readonly clientId?: string
  readonly clientSecret?: string
}

export interface Seed {
  readonly people: readonly SeedPerson[]
  readonly apps: readonly SeedApp[]
}

const person = (username: string, staff = false): SeedPerson => ({ username, email: `${username}@example.com`, staff })

const demo = (name: string, framework: string, port: number): SeedApp => ({
  name,
  description: `The ${framework} demo, on this machine.`,
  owner: 'ada',
  redirectUris: [`http://localhost:${port}/oauth/callback`],
  type: 'confidential',
  preset: 'AI Services',
  dialect: 'civitai',
})

/** Ada registers apps, Ben uses them, Mod is of the staff. */
export const ownSeed: Seed = {
  people: [person('ada'), person('ben'), person('mod', true)],
  apps: [demo('demo-sveltekit', 'SvelteKit', 4101), demo('demo-nuxt', 'Nuxt', 4102), demo('demo-react', 'React', 4103)],
}

export const together = (a: Seed, b: Seed): Seed => ({
  people: [...a.people, ...b.people],
  apps: [...a.apps, ...b.apps],
})

const shape = z.strictObject({
  people: z._default(
    z.array(
      z.strictObject({
        username: z.string(),
        email: z.exactOptional(z.string()),
        staff: z._default(z.boolean(), false),
        password: z.exactOptional(z.string()),
        buzz: z.exactOptional(z.int().check(z.minimum(0))),
      }),
    ),
    [],
  ),
  apps: z._default(
    z.array(
      z.strictObject({
        name: z.string(),
        description: z._default(z.string(), ''),
        owner: z.string(),
        redirectUris: z.array(z.string()),
        type: z._default(z.enum(['confidential', 'public']), 'confidential'),
        scopes: z.exactOptional(z.array(z.string())),
        preset: z.exactOptional(z.enum(['Read Only', 'Creator', 'AI Services', 'Full Access'])),
        dialect: z._default(z.enum(['civitai', 'quaily']), 'civitai'),
        verified: z.exactOptional(z.boolean()),
        trusted: z.exactOptional(z.boolean()),
        clientId: z.exactOptional(z.string()),
        clientSecret: z.exactOptional(z.string()),
      }),
    ),
    [],
  ),
})

export type ParsedSeed =
  | { readonly _tag: 'Seed'; readonly seed: Seed }
  /** `reason` is what a person should mend. */
  | { readonly _tag: 'Refused'; readonly reason: string }

/** Reads a seed file: `{"people":[{"username":"eve"}],"apps":[{"name","owner","redirectUris","scopes"}]}`. */
export const parseSeed = (text: string): ParsedSeed => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { _tag: 'Refused', reason: 'It is not JSON.' }
  }
  const parsed = shape.safeParse(json)
  if (!parsed.success) return { _tag: 'Refused', reason: sentencesOf(parsed.error) }
  const people = parsed.data.people.map((one) => ({ ...one, email: one.email ?? `${one.username}@example.com` }))
  return { _tag: 'Seed', seed: { people, apps: parsed.data.apps } }
}
