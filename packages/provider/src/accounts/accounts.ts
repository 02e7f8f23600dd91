/** People: signing in, signing up, and the browser sessions that follow. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { SessionCookie } from '../http/cookie.ts'
import { addressKey, type Limiter } from '../limiter.ts'
import type { Profiles } from '../profile.ts'
import type { Accounts, OutsideAccounts, Person, SignInResult } from '../provider.ts'
import type { Storage } from '../storage/storage.ts'
import { digest, mint } from '../token.ts'
import { signInElsewhere } from './outside.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { type AccountDraft, problemsOf } from './sign-up.ts'

export const sessionLifetime = 30 * 86_400

/**
 * Guesses an address may make, at one account and at all. An account counts too, wherever guesses come from, but its
 * window is seconds long: many addresses slow each other down, and lock nobody out who has the right password.
 */
const attempts = {
  accountFromAddress: { times: 10, seconds: 900 },
  address: { times: 30, seconds: 900 },
  account: { times: 10, seconds: 10 },
  signUp: { times: 10, seconds: 3600 },
}

const madeElsewhere = { field: 'email', message: 'Accounts are not made here: sign in with the one you have.' } as const

export interface AccountServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly cookie: SessionCookie
  readonly profiles: Profiles
  /** `null`: attempts are not counted. */
  readonly limiter: Limiter | null
  /** Sample people may be signed in with one click. */
  readonly samples: boolean
  /** `null`: people sign in by the passwords kept here, and may sign up. */
  readonly outside: OutsideAccounts | null
}

export const beginSession = async (
  { storage, clock, cookie }: AccountServices,
  person: Person,
  cookieHeader: string | null,
): Promise<string> => {
  const id = mint('plain')
  const before = cookie.read(cookieHeader)
  const now = clock.now()
  await storage.sessions.begin({
    idHash: digest(id),
    personId: person.id,
    now,
    expiresAt: now + sessionLifetime * 1000,
    replaces: before === null ? null : digest(before),
  })
  return id
}

export const accountsOf = (services: AccountServices): Accounts => {
  const { storage, clock, cookie, limiter } = services

  const signedIn = async (person: Person, cookieHeader: string | null, how: string) => {
    const id = await beginSession(services, person, cookieHeader)
    const event = { clientId: null, personId: person.id, actorId: null, detail: { how } }
    await storage.audit.append({ at: clock.now(), kind: 'signed-in', ...event })
    return { _tag: 'SignedIn', person, cookie: cookie.set(id, sessionLifetime) } as const
  }

  /** Seconds to wait. What one limit refuses takes no room in the next. */
  const wait = async (keys: Partial<Record<keyof typeof attempts, string>>): Promise<number> => {
    for (const [name, key] of Object.entries(keys)) {
      const seconds = (await limiter?.hit(`attempt-${name}`, key, attempts[name as keyof typeof attempts])) ?? 0
      if (seconds > 0) return seconds
    }
    return 0
  }

  return {
    current: async (cookieHeader) => {
      const id = cookie.read(cookieHeader)
      return id === null ? null : storage.sessions.find(digest(id), clock.now())
    },

    samples: async () => (services.samples ? storage.people.samples() : []),

    signInAsSample: async (username, cookieHeader) => {
      const account = services.samples ? await storage.people.byUsername(username) : null
      return account?.sample ? signedIn(account.person, cookieHeader, 'sample') : { _tag: 'WrongCredentials' }
    },

    signIn: async ({ email, password, address }, cookieHeader): Promise<SignInResult> => {
      const [who, where] = [email.trim().toLowerCase(), addressKey(address)]
      const retryAfterSeconds = await wait({ accountFromAddress: `${who} ${where}`, address: where, account: who })
      if (retryAfterSeconds > 0) return { _tag: 'TooManyAttempts', retryAfterSeconds }
      if (services.outside !== null) {
        const kept = await signInElsewhere(services.outside, storage, { email, password }, clock.now())
        if (kept === null) return { _tag: 'WrongCredentials' }
        if (kept._tag === 'Taken') return { _tag: 'AccountTaken', field: kept.field }
        return signedIn(kept.person, cookieHeader, 'elsewhere')
      }
      const account = email.length > 320 ? null : await storage.people.byEmail(email.trim())
      const right = password.length <= 256 && (await verifyPassword(password, account?.password ?? null))
      return account && right ? signedIn(account.person, cookieHeader, 'password') : { _tag: 'WrongCredentials' }
    },

    signUp: async ({ address, ...draft }, cookieHeader) => {
      if (services.outside !== null) return { _tag: 'Invalid', problems: [madeElsewhere] }
      const retryAfterSeconds = await wait({ signUp: addressKey(address) })
      if (retryAfterSeconds > 0) return { _tag: 'TooManyAttempts', retryAfterSeconds }
      const account: AccountDraft = { ...draft, email: draft.email.trim(), username: draft.username.trim() }
      const problems = problemsOf(account)
      if (problems.length > 0) return { _tag: 'Invalid', problems }
      const created = await storage.people.create(
        {
          uuid: randomUUID(),
          username: account.username,
          email: account.email,
          emailVerified: false,
          picture: null,
          staff: false,
          sample: false,
          password: await hashPassword(account.password),
        },
        clock.now(),
      )
      if (created._tag === 'Created') return signedIn(created.person, cookieHeader, 'sign-up')
      const message = created.field === 'email' ? 'This address has an account: sign in.' : 'This name is taken.'
      return { _tag: 'Invalid', problems: [{ field: created.field, message }] }
    },

    signOut: async (cookieHeader) => {
      const id = cookie.read(cookieHeader)
      if (id !== null) await storage.sessions.end(digest(id))
      return { cookie: cookie.clear() }
    },

    signOutEverywhere: async (actor) => {
      await storage.sessions.endAll(actor.id)
      return { cookie: cookie.clear() }
    },
  }
}
