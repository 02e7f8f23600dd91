/**
 * The people and apps of a seed with their credentials: made once, then kept by whoever runs the emulator, so that an app
 * goes on working after a restart or a reset.
 */
import { randomUUID } from 'node:crypto'
import * as Preset from '@civitai-oauth/core/preset'
import * as z from 'zod/mini'
import type { Admin } from '../provider.ts'
import { mint } from '../token.ts'
import type { Seed, SeedApp } from './seed.ts'

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

/** The seed cannot be planted. `message` is one sentence that says what to mend. */
export class SeedInvalid extends Error {
  readonly _tag = 'SeedInvalid'
}

const credentialsFor = ({ name, redirectUris, type, clientId, clientSecret }: SeedApp): SampleApp => ({
  name,
  clientId: clientId ?? randomUUID(),
  ...(type === 'confidential' ? { clientSecret: clientSecret ?? mint('secret') } : {}),
  redirectUri: redirectUris[0] ?? '',
})

/** True for credentials of the kind that the app is registered with. */
const fits = (app: SeedApp, { clientSecret }: SampleApp): boolean =>
  (app.type === 'confidential') === (clientSecret !== undefined)

/** The credentials that were kept; those that the seed settles; new ones where there are none. */
export const samplesOf = (seed: Seed, kept: Samples | undefined): Samples => ({
  users: seed.people.map(({ username, email, staff }) => ({ username, email, staff })),
  apps: seed.apps.map((app) => {
    const before = kept?.apps.find((one) => one.name === app.name && fits(app, one))
    return app.clientId === undefined && before !== undefined ? before : credentialsFor(app)
  }),
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

const plantApp = async (admin: Admin, app: SeedApp, credentials: SampleApp): Promise<void> => {
  const owner = await admin.findPerson(app.owner)
  if (owner === null) throw new SeedInvalid(`The app "${app.name}" of the seed has an owner who is not there.`)
  const draft = {
    name: app.name,
    description: app.description,
    redirectUris: app.redirectUris.join('\n'),
    scopes: app.scopes ?? (app.preset === undefined ? [] : Preset.scopesOf(app.preset)),
    type: app.type,
    dialect: app.dialect,
  }
  const { clientId, clientSecret } = credentials
  const registered = await admin.registerApp(owner, draft, {
    clientId,
    ...(clientSecret === undefined ? {} : { secret: clientSecret }),
    ...(app.verified === undefined ? {} : { verified: app.verified }),
    ...(app.trusted === undefined ? {} : { trusted: app.trusted }),
  })
  if (registered._tag === 'Registered') return
  const problems = registered.problems.map(({ message }) => message).join(' ')
  throw new SeedInvalid(`The app "${app.name}" of the seed cannot be registered: ${problems}`)
}

/** Puts in place what is missing, and leaves what is there as it is. @throws {SeedInvalid} */
export const plant = async (admin: Admin, seed: Seed, samples: Samples): Promise<void> => {
  for (const person of seed.people)
    await admin.createPerson({ ...person, emailVerified: true, sample: !person.password })
  for (const [at, app] of seed.apps.entries()) {
    const credentials = samples.apps[at]
    if (credentials !== undefined && (await admin.findApp(credentials.clientId)) === null)
      await plantApp(admin, app, credentials)
  }
}
