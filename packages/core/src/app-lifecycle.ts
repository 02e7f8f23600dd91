/**
 * The life of a registered app, as a machine: draft, registered, next secret prepared, rotated, verified, deleted. The
 * commands say what a step shows once (`RevealSecret`), writes to the log (`Audit`) and ends (`EndSecret`, `EndTokens`,
 * `NarrowTokens`, `RemoveConsents`). What may not be done is refused, with the reason, and changes nothing.
 *
 * Source: the seed "Registering an OAuth app", sections on rotating, deleting and verification.
 */
import type { Registration } from './app-registration.ts'
import { clientTypes } from './client-type.ts'
import type { Issued, Kept, Secret } from './client-secret.ts'
import { type Step as StepOf, type Table, transitionOf } from './machine.ts'

export interface App {
  readonly registration: Registration
  /** `null` for a public app. */
  readonly secret: Kept | null
  /** The flag staff set: `isVerified` at Civitai, `trusted` at Quaily. */
  readonly verified: boolean
  /** Goes up by one at every edit. */
  readonly version: number
}

export type State =
  | { readonly _tag: 'Draft' }
  | { readonly _tag: 'Registered'; readonly app: App }
  /** Both secrets are accepted. */
  | { readonly _tag: 'NextSecretPrepared'; readonly app: App; readonly next: Kept }
  /** Its audit log stays. */
  | { readonly _tag: 'Deleted' }

export type Event =
  /** `issued` is used for confidential apps. */
  | { readonly _tag: 'Register'; readonly registration: Registration; readonly issued: Issued }
  /** `version` is the one the person saw. */
  | { readonly _tag: 'Edit'; readonly version: number; readonly registration: Registration }
  /** Once more replaces what was prepared: its answer may have been lost. */
  | { readonly _tag: 'PrepareSecret'; readonly issued: Issued }
  /** `retires` is the `issuedAt` of the secret the person saw as current; `issued` is used if none was prepared. */
  | { readonly _tag: 'RotateSecret'; readonly retires: number; readonly issued: Issued }
  | { readonly _tag: 'Verify' }
  /** `unlocked`: permissions that only trusted apps may have. */
  | { readonly _tag: 'Unverify'; readonly unlocked: readonly string[] }
  | { readonly _tag: 'Delete' }

export type Audit =
  | 'app-registered'
  | 'app-edited'
  | 'secret-prepared'
  | 'secret-rotated'
  | 'app-verified'
  | 'app-unverified'
  | 'app-deleted'

export type Refusal =
  /** A public app has no secret. */
  | 'NotConfidential'
  /** The app type is fixed at creation. */
  | 'TypeFixed'
  /** Somebody else saved, or rotated, first. */
  | 'Conflict'
  /** It is deleted. */
  | 'Gone'

export type Command =
  /** Show it now: there is no second time. */
  | { readonly _tag: 'RevealSecret'; readonly secret: Secret }
  | { readonly _tag: 'Audit'; readonly kind: Audit }
  /** Refused from now on, at once. Tokens issued with it live on. */
  | { readonly _tag: 'EndSecret'; readonly secret: Kept }
  /** No token of the app holds more than these from now on. */
  | { readonly _tag: 'NarrowTokens'; readonly scopes: readonly string[] }
  | { readonly _tag: 'EndTokens' }
  | { readonly _tag: 'RemoveConsents' }
  | { readonly _tag: 'Refuse'; readonly refusal: Refusal }

type Step = StepOf<State, Command>
type Living = Extract<State, { readonly app: App }>

export const draft: State = { _tag: 'Draft' }

const refuse = (state: State, refusal: Refusal): Step => [state, [{ _tag: 'Refuse', refusal }]]
const audit = (kind: Audit): Command => ({ _tag: 'Audit', kind })
const reveal = ({ reveal: secret }: Issued): Command => ({ _tag: 'RevealSecret', secret })

/** Permissions taken away follow into every token at once; permissions added need a new consent, so nothing follows. */
const narrow = (before: Registration, after: Registration): readonly Command[] =>
  before.scopes.every((scope) => after.scopes.includes(scope)) ? [] : [{ _tag: 'NarrowTokens', scopes: after.scopes }]

const edit = (state: Living, { version, registration }: Extract<Event, { readonly _tag: 'Edit' }>): Step => {
  const { app } = state
  if (version !== app.version) return refuse(state, 'Conflict')
  if (registration.type !== app.registration.type) return refuse(state, 'TypeFixed')
  return [
    { ...state, app: { ...app, registration, version: version + 1 } },
    [audit('app-edited'), ...narrow(app.registration, registration)],
  ]
}

const verify = (state: Living): Step | undefined =>
  state.app.verified ? undefined : [{ ...state, app: { ...state.app, verified: true } }, [audit('app-verified')]]

const unverify = (state: Living, { unlocked }: { readonly unlocked: readonly string[] }): Step | undefined => {
  const { app } = state
  if (!app.verified) return undefined
  const scopes = app.registration.scopes.filter((scope) => !unlocked.includes(scope))
  const registration = { ...app.registration, scopes }
  return [
    { ...state, app: { ...app, registration, verified: false } },
    [audit('app-unverified'), ...narrow(app.registration, registration)],
  ]
}

const remove = (): Step => [
  { _tag: 'Deleted' },
  [{ _tag: 'EndTokens' }, { _tag: 'RemoveConsents' }, audit('app-deleted')],
]

const prepare = (state: Living, { issued }: { readonly issued: Issued }): Step =>
  state.app.secret === null
    ? refuse(state, 'NotConfidential')
    : [
        { _tag: 'NextSecretPrepared', app: state.app, next: issued.kept },
        [
          ...(state._tag === 'NextSecretPrepared' ? [{ _tag: 'EndSecret', secret: state.next } as const] : []),
          reveal(issued),
          audit('secret-prepared'),
        ],
      ]

/** The prepared secret takes over, or a new one where none was prepared; a doubled click retires nothing more. */
const rotate = (state: Living, { retires, issued }: { readonly retires: number; readonly issued: Issued }): Step => {
  const { secret } = state.app
  if (secret === null) return refuse(state, 'NotConfidential')
  if (secret.issuedAt !== retires) return refuse(state, 'Conflict')
  const prepared = state._tag === 'NextSecretPrepared'
  return [
    { _tag: 'Registered', app: { ...state.app, secret: prepared ? state.next : issued.kept } },
    [{ _tag: 'EndSecret', secret }, ...(prepared ? [] : [reveal(issued)]), audit('secret-rotated')],
  ]
}

const living = {
  Edit: edit,
  PrepareSecret: prepare,
  RotateSecret: rotate,
  Verify: verify,
  Unverify: unverify,
  Delete: remove,
}

const gone = (state: State): Step => refuse(state, 'Gone')

export const table: Table<State, Event, Command> = {
  Draft: {
    Register: (_, { registration, issued }) => {
      const confidential = clientTypes[registration.type].secret
      return [
        {
          _tag: 'Registered',
          app: { registration, secret: confidential ? issued.kept : null, verified: false, version: 1 },
        },
        [...(confidential ? [reveal(issued)] : []), audit('app-registered')],
      ]
    },
  },
  Registered: living,
  NextSecretPrepared: living,
  Deleted: { Edit: gone, PrepareSecret: gone, RotateSecret: gone, Verify: gone, Unverify: gone, Delete: gone },
}

export const transition = transitionOf(table)
