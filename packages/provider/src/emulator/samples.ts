/**
 * The sample people and the demo apps of an emulator, and where their credentials come from: made once, then kept by
 * whoever runs it, so that a demo goes on working after a restart or a reset.
 */
import { randomUUID } from 'node:crypto'
import * as Preset from '@civitai-oauth/core/preset'
import * as z from 'zod/mini'
import type { Admin } from '../provider.ts'
import { mint } from '../token.ts'
import { sampleOwner, samplePeople } from './sample-people.ts'

export interface SampleUser {
  readonly username: string
  readonly email: string
  readonly staff: boolean
}

export interface SampleApp {
  readonly name: string
  readonly clientId: string
  /** Confidential apps only. */
  readonly clientSecret?: string
  readonly redirectUri: string
}

export interface Samples {
  readonly users: readonly SampleUser[]
  readonly apps: readonly SampleApp[]
}

interface Demo {
  readonly name: string
  readonly description: string
  readonly port: number
  readonly type: 'confidential' | 'public'
}

const demos: readonly Demo[] = [
  { name: 'demo-sveltekit', description: 'The SvelteKit demo, on this machine.', port: 4101, type: 'confidential' },
  { name: 'demo-nuxt', description: 'The Nuxt demo, on this machine.', port: 4102, type: 'confidential' },
  { name: 'demo-react', description: 'The React demo, on this machine.', port: 4103, type: 'confidential' },
]

const users: readonly SampleUser[] = samplePeople.map(({ username, email, staff }) => ({ username, email, staff }))

const credentialsFor = ({ name, port, type }: Demo): SampleApp => ({
  name,
  clientId: randomUUID(),
  ...(type === 'confidential' ? { clientSecret: mint('secret') } : {}),
  redirectUri: `http://localhost:${port}/oauth/callback`,
})

/** True for credentials of the kind that the demo is registered with. */
const fits = ({ type }: Demo, { clientSecret }: SampleApp): boolean =>
  (type === 'confidential') === (clientSecret !== undefined)

/** The samples with the credentials that were kept; new ones where there are none. */
export const samplesFrom = (kept: Samples | undefined): Samples => ({
  users,
  apps: demos.map(
    (demo) => kept?.apps.find((app) => app.name === demo.name && fits(demo, app)) ?? credentialsFor(demo),
  ),
})

const shape = z.object({
  users: z.array(z.object({ username: z.string(), email: z.string(), staff: z.boolean() })),
  apps: z.array(
    z.object({
      name: z.string(),
      clientId: z.string(),
      clientSecret: z.exactOptional(z.string()),
      redirectUri: z.string(),
    }),
  ),
})

/** Reads samples that were kept as JSON; `undefined` for anything else. */
export const parseSamples = (text: string): Samples | undefined => {
  try {
    const parsed = shape.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Puts in place what is missing, and leaves what is there as it is. */
export const plant = async (admin: Admin, samples: Samples): Promise<void> => {
  for (const person of samplePeople) await admin.createPerson(person)
  const owner = await admin.findPerson(sampleOwner)
  if (owner === null) return
  for (const demo of demos) {
    const app = samples.apps.find(({ name }) => name === demo.name)
    if (app === undefined || (await admin.findApp(app.clientId)) !== null) continue
    const draft = {
      name: demo.name,
      description: demo.description,
      redirectUris: app.redirectUri,
      scopes: Preset.scopesOf('AI Services'),
      type: demo.type,
      dialect: 'civitai',
    } as const
    const { clientId, clientSecret: secret } = app
    await admin.registerApp(owner, draft, { clientId, ...(secret === undefined ? {} : { secret }) })
  }
}
