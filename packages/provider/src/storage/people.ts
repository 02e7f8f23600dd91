/** People and their sessions, as kept. */
import type { OutsidePerson, Person } from '../provider.ts'

export interface NewPerson {
  readonly uuid: string
  readonly username: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly picture: string | null
  readonly staff: boolean
  /** May be signed in with one click. */
  readonly sample: boolean
  /** As `accounts/password.ts` writes it; `null` for people without one. */
  readonly password: string | null
}

/** A person with what only this server may see. */
export interface Account {
  readonly person: Person
  readonly password: string | null
  readonly sample: boolean
}

export type CreatePersonResult =
  | { readonly _tag: 'Created'; readonly person: Person }
  /** Names and addresses are unique regardless of case. */
  | { readonly _tag: 'Taken'; readonly field: 'username' | 'email' }

export type KeepPersonResult =
  | { readonly _tag: 'Kept'; readonly person: Person }
  /** Somebody else here has that name or address. Nothing was changed. */
  | { readonly _tag: 'Taken'; readonly field: 'username' | 'email' }

export interface PeopleStorage {
  create(person: NewPerson, now: number): Promise<CreatePersonResult>
  /** Makes the person with this uuid, or brings their name, address and picture up to date. */
  keep(person: OutsidePerson, now: number): Promise<KeepPersonResult>
  byId(id: number): Promise<Account | null>
  byUsername(username: string): Promise<Account | null>
  byEmail(email: string): Promise<Account | null>
  samples(): Promise<readonly Person[]>
  /** With an event in the person's log. `false` for an unknown person, and where it was so already. */
  setStaff(id: number, staff: boolean, now: number): Promise<boolean>
  /** By id. */
  staff(): Promise<readonly Person[]>
}

export interface KeptSession {
  readonly person: Person
  readonly createdAt: number
}

/** Sessions are known by the SHA-256 of their id. */
export interface SessionStorage {
  /** Begins a session and ends `replaces` with it, so that an id never outlives a sign-in. */
  begin(session: {
    readonly idHash: Uint8Array
    readonly personId: number
    readonly now: number
    readonly expiresAt: number
    readonly replaces: Uint8Array | null
  }): Promise<void>
  find(idHash: Uint8Array, now: number): Promise<KeptSession | null>
  end(idHash: Uint8Array): Promise<void>
  endAll(personId: number): Promise<void>
}
