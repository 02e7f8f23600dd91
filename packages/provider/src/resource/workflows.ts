/**
 * Workflows, at the addresses of Civitai's orchestration API: an estimate (`whatif=true`), a submission that spends the
 * person's buzz, and a look at what became of it. The work itself is pretended: it takes two seconds of the clock.
 *
 * Source: Civitai's orchestration and buzz limits pages.
 */
import { randomBytes } from 'node:crypto'
import * as Effect from 'effect/Effect'
import { capsFor } from '../buzz-caps.ts'
import { json } from '../http/answer.ts'
import { bodyObject } from '../http/body.ts'
import type { Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Handler } from '../http/route.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import type { LiveToken } from '../storage/tokens.ts'
import type { KeptWorkflow, NewWorkflow, SpendResult } from '../storage/wallet.ts'
import { bearer, bearerHash, dead } from './bearer.ts'
import { costOf, piecesOf, sizeOf, type Step, type Template, template } from './workflow-cost.ts'

const workMs = 2000

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 48 bits of time, then chance. */
const newId = (now: number): string => {
  let time = ''
  for (let left = now, digit = 0; digit < 10; digit++, left = Math.floor(left / 32)) time = crockford[left % 32] + time
  return `wf_${time}${[...randomBytes(16)].map((byte) => crockford[byte % 32]).join('')}`
}

type Status = 'unassigned' | 'processing' | 'succeeded'

const outputOf = (issuer: string, id: string, one: Step, place: number) => {
  const [width, height] = sizeOf(one)
  return {
    images: Array.from({ length: piecesOf(one) }, (_, image) => {
      const blob = `blob_${id.slice(3)}_${place}_${image}`
      return { id: blob, url: `${issuer}/v2/consumer/blobs/${blob}`, width, height, available: true }
    }),
  }
}

const workflowObject = (
  issuer: string,
  kept: Pick<KeptWorkflow, 'id' | 'cost' | 'createdAt' | 'readyAt'>,
  { steps, tags = [], ...rest }: Template,
  status: Status,
) => ({
  ...rest,
  id: kept.id,
  status,
  createdAt: new Date(kept.createdAt).toISOString(),
  ...(status === 'succeeded' ? { completedAt: new Date(kept.readyAt).toISOString() } : {}),
  tags,
  cost: { base: kept.cost, total: kept.cost, currency: 'BUZZ' },
  steps: steps.map((one, place) => ({
    ...one,
    name: one.name ?? String(place),
    status,
    ...(status === 'succeeded' ? { output: outputOf(issuer, kept.id, one, place) } : {}),
  })),
  transactions: {
    list: status === 'unassigned' ? [] : [{ type: 'debit', amount: kept.cost, accountType: 'yellow' }],
  },
})

/** The same for "broke" and "capped": an app is told neither the balance nor the budget. */
const spendRefused = json(400, {
  code: 'BAD_REQUEST',
  message: 'This cannot be paid for. Do not try again: the person can look at their buzz and at the limit they set.',
})

const attempts = 3

export interface WorkflowHandlers {
  readonly submit: Handler
  readonly get: Handler
  readonly list: Handler
}

export const workflows = (services: Services): WorkflowHandlers => {
  const { storage, clock, issuer } = services

  const shown = (kept: KeptWorkflow): ReturnType<typeof workflowObject> =>
    workflowObject(
      issuer,
      kept,
      JSON.parse(kept.body) as Template,
      clock.now() >= kept.readyAt ? 'succeeded' : 'processing',
    )

  /** The limit is read, turned into caps and checked against in one step; if it changed in between, again. */
  const spend = Effect.fnUntraced(function* (
    byToken: Uint8Array,
    { person: { id: personId }, clientId }: LiveToken,
    workflow: NewWorkflow,
    now: number,
  ): Effect.fn.Return<SpendResult, Refusal> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const grant = yield* step(() => storage.grants.find(personId, clientId))
      const limit = grant?.buzzLimit ?? null
      const spent = yield* step(() =>
        storage.wallet.spend({
          personId,
          clientId,
          currency: 'yellow',
          amount: workflow.cost,
          reason: workflow.id,
          byToken,
          limit,
          caps: capsFor(limit, 'yellow', now),
          workflow,
          now,
        }),
      )
      if (spent._tag !== 'Stale') return spent
    }
    return yield* refuse('StorageUnavailable', 'The buzz limit was being changed.', ['retry-after', '1'])
  })

  return {
    submit: Effect.fnUntraced(function* (incoming, query): Effect.fn.Return<Outgoing, Refusal> {
      const form = yield* parseForm(query)
      const whatIf = form.get('whatif') === 'true'
      const token = yield* bearer(services, incoming, 'civitai', whatIf ? 'AIServicesRead' : 'AIServicesWrite')
      const parsed = template.safeParse(yield* bodyObject(incoming))
      if (!parsed.success)
        return yield* refuse(
          'ParameterMalformed',
          `The workflow is wrong at ${parsed.error.issues[0]?.path.join('.') || 'its top'}.`,
        )
      const now = clock.now()
      const cost = costOf(parsed.data)
      if (whatIf) {
        const estimate = { id: 'wf_whatif', cost, createdAt: now, readyAt: now }
        return json(200, workflowObject(issuer, estimate, parsed.data, 'unassigned'))
      }
      const wait = Number(form.get('wait') ?? 0)
      // Whoever waits long enough hears of the end at once: nobody's time is spent on pretending.
      const readyAt = wait * 1000 >= workMs ? now : now + workMs
      const workflow = { id: newId(now), body: JSON.stringify(parsed.data), cost, readyAt }
      const spent = yield* spend(bearerHash(incoming), token, workflow, now)
      if (spent._tag === 'Ended') return yield* dead
      if (spent._tag !== 'Spent') return spendRefused
      const status = readyAt > now && wait > 0 ? 202 : 200
      return json(status, shown({ ...workflow, clientId: token.clientId, createdAt: now }))
    }),

    get: Effect.fnUntraced(function* (incoming, _, [id = '']): Effect.fn.Return<Outgoing, Refusal> {
      const { person } = yield* bearer(services, incoming, 'civitai', 'AIServicesRead')
      const kept = /^wf_\w{1,40}$/.test(id) ? yield* step(() => storage.wallet.workflow(person.id, id)) : null
      return kept ? json(200, shown(kept)) : yield* refuse('NotFound', 'There is no such workflow of this person.')
    }),

    list: Effect.fnUntraced(function* (incoming): Effect.fn.Return<Outgoing, Refusal> {
      const { person } = yield* bearer(services, incoming, 'civitai', 'AIServicesRead')
      const kept = yield* step(() => storage.wallet.workflows(person.id, 50))
      return json(200, { items: kept.map(shown), next: null })
    }),
  }
}
