/** What the control API can do: one row a route, each with the JSON it takes. `user` is always a username. */
import * as z from 'zod/mini'
import * as Preset from '@civitai-oauth/core/preset'
import type { Person } from '../provider.ts'
import { answerAuthorize } from './authorize.ts'
import type { Emulator } from './emulator.ts'
import { kinds, places } from './fault.ts'
import type { Place } from './fault.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly input: z.ZodMiniType
  readonly run: (emulator: Emulator, input: unknown) => Promise<Answer>
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const failed = (status: number, error: string): Answer => ({ status, body: { error } })

/** Ties a route's input to what its `run` takes. */
const post = <Input extends z.ZodMiniType>(
  input: Input,
  run: (emulator: Emulator, input: z.infer<Input>) => Promise<Answer>,
): Route => ({ method: 'POST', input, run: (emulator, value) => run(emulator, value as z.infer<Input>) })

const withPerson = async (
  { provider }: Emulator,
  username: string,
  then: (person: Person) => Promise<Answer>,
): Promise<Answer> => {
  const person = await provider.admin.findPerson(username)
  return person === null ? failed(404, `There is no person named "${username}".`) : then(person)
}

const nothing = z.strictObject({})

const app = z.strictObject({
  name: z.string(),
  redirectUris: z.array(z.string()),
  type: z._default(z.enum(['confidential', 'public']), 'confidential'),
  scopes: z.exactOptional(z.array(z.string())),
  preset: z.exactOptional(z.enum(['Read Only', 'Creator', 'AI Services', 'Full Access'])),
  description: z._default(z.string(), ''),
  owner: z.string(),
  dialect: z._default(z.enum(['civitai', 'quaily']), 'civitai'),
  trusted: z.exactOptional(z.boolean()),
  verified: z.exactOptional(z.boolean()),
})

const authorize = z.strictObject({
  user: z.string(),
  url: z.string(),
  approve: z.boolean(),
  remember: z._default(z.boolean(), false),
  buzzLimit: z.exactOptional(z.unknown()),
})

const fault = z.strictObject({
  at: z.enum(Object.keys(places) as [Place, ...Place[]]),
  kind: z.enum(kinds),
  times: z._default(z.int().check(z.minimum(1), z.maximum(1_000_000)), 1),
  ms: z.exactOptional(z.int().check(z.minimum(0), z.maximum(600_000))),
})

const aCentury = 100 * 365 * 86_400

export const routes: Readonly<Record<string, Route>> = {
  reset: post(nothing, async (emulator) => {
    await emulator.reset()
    return ok(emulator.samples())
  }),

  apps: post(app, async (emulator, { owner, redirectUris, scopes, preset, trusted, verified, ...fields }) =>
    withPerson(emulator, owner, async (person) => {
      if ((scopes === undefined) === (preset === undefined)) return failed(400, 'Give either scopes or a preset.')
      const draft = {
        ...fields,
        redirectUris: redirectUris.join('\n'),
        scopes: scopes ?? (preset === undefined ? [] : Preset.scopesOf(preset)),
      }
      const flags = { ...(trusted === undefined ? {} : { trusted }), ...(verified === undefined ? {} : { verified }) }
      const result = await emulator.provider.admin.registerApp(person, draft, flags)
      if (result._tag === 'Invalid') return { status: 400, body: { error: 'invalid', problems: result.problems } }
      const { clientId } = result.app
      return ok({ clientId, ...(result.secret === null ? {} : { clientSecret: result.secret }) })
    }),
  ),

  authorize: post(authorize, (emulator, input) =>
    withPerson(emulator, input.user, async (person) => {
      const result = await answerAuthorize(emulator.provider, person, input)
      if (result._tag === 'Sent') return ok({ location: result.location })
      if (result._tag === 'Told') return ok({ location: null })
      const { status, error, answer } = result
      return { status, body: { error, ...(answer === undefined ? {} : { answer }) } }
    }),
  ),

  sessions: post(z.strictObject({ user: z.string() }), (emulator, { user }) =>
    withPerson(emulator, user, async (person) => ok(await emulator.provider.admin.beginSession(person))),
  ),

  apikeys: post(z.strictObject({ user: z.string() }), (emulator, { user }) =>
    withPerson(emulator, user, async (person) => {
      const created = await emulator.provider.apiKeys.create(person, 'Control API')
      return created._tag === 'Created' ? ok({ key: created.key }) : failed(400, created.message)
    }),
  ),

  clock: post(
    z.strictObject({ advance: z.number().check(z.minimum(0), z.maximum(aCentury)) }),
    async ({ clock }, { advance }) => {
      clock.advance(advance)
      return ok({ now: new Date(clock.now()).toISOString() })
    },
  ),

  profile: post(z.strictObject({ profile: z.string() }), async ({ provider }, { profile }) => {
    const result = provider.profile.set(profile)
    return result._tag === 'Set' ? ok({ profile: provider.profile.current() }) : failed(400, result.reason)
  }),

  'grants/revoke': post(z.strictObject({ user: z.string(), clientId: z.string() }), (emulator, { user, clientId }) =>
    withPerson(emulator, user, async (person) => {
      const result = await emulator.provider.grants.revoke(person, clientId)
      return result._tag === 'Revoked' ? ok({}) : failed(404, `${user} has not granted that app anything.`)
    }),
  ),

  faults: post(fault, async ({ faults }, input) => {
    faults.add(input)
    return ok({})
  }),

  log: { method: 'GET', input: nothing, run: async ({ log }) => ok({ entries: log.entries() }) },
}
