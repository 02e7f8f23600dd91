/** What the storage contract's checks begin with: two people, an app, and the steps of a sign-in as storage sees them. */
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Person, Storage } from '../../src/index.ts'
import type { KeptApp, NewApp } from '../../src/storage/apps.ts'
import type { Approval, KeptRequest, NewCode } from '../../src/storage/consents.ts'
import type { NewTokens } from '../../src/storage/tokens.ts'
import { digest, mint } from '../../src/token.ts'

export const start = Date.UTC(2026, 10, 21)
export const minute = 60_000
export const address = 'https://app.example.com/oauth/callback'
export const right = { S256: 'challenge', plain: 'verifier' }
export const profile = 1
export const buzzRead = 65_536
export const all = profile | buzzRead

export interface Opened {
  readonly storage: Storage
  /** Another connection to the same data, as another process would have; `undefined` where there is none. */
  readonly other: Storage | undefined
  close(): Promise<void>
}

type Pair = readonly [access: string, refresh: string]
type Redemption = Parameters<Storage['tokens']['redeemCode']>[0]
type Rotation = Parameters<Storage['tokens']['rotateRefreshToken']>[0]

export const newPair = (): Pair => [mint('token'), mint('token')]

export const seen = (current: number | null, next: number | null = null) => ({ current, next })

export const newCode = (code: string, changes: Partial<NewCode> = {}): NewCode => ({
  hash: digest(code),
  redirectUri: address,
  challenge: right.S256,
  challengeMethod: 'S256',
  scopes: all,
  expiresAt: start + 10 * minute,
  ...changes,
})

const newTokens = ([access, refresh]: Pair, now: number): NewTokens => ({
  accessHash: digest(access),
  refreshHash: digest(refresh),
  accessExpiresAt: now + 60 * minute,
  refreshExpiresAt: now + 30 * 24 * 60 * minute,
})

/** How often each result came. */
export const tally = (results: readonly { readonly _tag: string }[]): Readonly<Record<string, number>> => {
  const counted: Record<string, number> = {}
  for (const { _tag } of results) counted[_tag] = (counted[_tag] ?? 0) + 1
  return counted
}

export const givenOf = async ({ storage, other }: Opened) => {
  const person = async (username: string): Promise<Person> => {
    const created = await storage.people.create(
      {
        uuid: mint('plain'),
        username,
        email: `${username}@example.com`,
        emailVerified: false,
        picture: null,
        staff: false,
        sample: true,
        password: null,
      },
      start,
    )
    if (created._tag !== 'Created') throw new Error('taken')
    return created.person
  }
  const [ada, bob] = [await person('ada'), await person('bob')]

  const register = (changes: Partial<NewApp> = {}): Promise<KeptApp> =>
    storage.apps.register(
      {
        clientId: mint('plain'),
        dialect: 'civitai',
        name: 'Radio',
        description: 'Plays.',
        redirectUris: [address],
        scopes: all,
        reach: all,
        type: 'confidential',
        verified: false,
        trusted: false,
        ownerId: ada.id,
        secretHash: digest('secret'),
        ...changes,
      },
      start,
    )
  const app = await register()

  const session = digest('a session')
  const expiresAt = start + 1e9
  await storage.sessions.begin({ idHash: session, personId: bob.id, now: start, expiresAt, replaces: null })

  const keepRequest = async (changes: Partial<KeptRequest> = {}): Promise<Uint8Array> => {
    const hash = digest(mint('plain'))
    await storage.consents.keep({
      hash,
      sessionHash: session,
      clientId: app.clientId,
      redirectUri: address,
      requested: all,
      offered: all,
      state: 'a-state',
      challenge: right.S256,
      challengeMethod: 'S256',
      device: null,
      expiresAt: start + 30 * minute,
      ...changes,
    })
    return hash
  }

  const approval = (requestHash: Uint8Array, changes: Partial<Approval> = {}): Approval => ({
    requestHash,
    sessionHash: session,
    personId: bob.id,
    clientId: app.clientId,
    revision: app.revision,
    remember: true,
    buzzLimit: undefined,
    salt: Buffer.alloc(32, 7),
    code: newCode(mint('code')),
    now: start,
    ...changes,
  })

  const codeFor = async (changes: Partial<Approval> = {}, code = mint('code')): Promise<string> => {
    const request = await keepRequest()
    const recorded = await storage.consents.recordConsent(approval(request, { code: newCode(code), ...changes }))
    expect(recorded).toEqual({ _tag: 'Recorded' })
    return code
  }

  const redeem = (code: string, pair: Pair = newPair(), changes: Partial<Redemption> = {}, on: Storage = storage) => {
    const now = changes.now ?? start
    return on.tokens.redeemCode({
      codeHash: digest(code),
      clientId: app.clientId,
      revision: app.revision,
      redirectUri: address,
      expected: right,
      tokens: newTokens(pair, now),
      now,
      ...changes,
    })
  }

  const rotate = (spent: string, pair: Pair = newPair(), changes: Partial<Rotation> = {}, on: Storage = storage) => {
    const now = changes.now ?? start
    return on.tokens.rotateRefreshToken({
      refreshHash: digest(spent),
      clientId: app.clientId,
      revision: app.revision,
      narrowTo: null,
      accessBeforeUntil: null,
      salt: digest(pair[1]),
      tokens: newTokens(pair, now),
      graceless: false,
      familyLifetime: 365 * 24 * 60 * minute,
      now,
      ...changes,
    })
  }

  const signIn = async (): Promise<Pair> => {
    const pair = newPair()
    expect(await redeem(await codeFor(), pair)).toMatchObject({ _tag: 'Redeemed' })
    return pair
  }

  const isAlive = async (access: string, now = start, on: Storage = storage) =>
    (await on.tokens.find(digest(access), now)) !== null

  /** Callers that overlap: on two connections where there are two, each after a moment of its own. */
  const racing = <A>(times: number, run: (on: Storage, at: number) => Promise<A>): Promise<readonly A[]> =>
    Promise.all(
      Array.from({ length: times }, async (_, at) => {
        await wait(Math.random() * 5)
        return run(at % 2 === 1 && other ? other : storage, at)
      }),
    )

  return {
    storage,
    other,
    person,
    ada,
    bob,
    register,
    app,
    session,
    keepRequest,
    approval,
    codeFor,
    redeem,
    rotate,
    signIn,
    isAlive,
    racing,
  }
}

export type Given = Awaited<ReturnType<typeof givenOf>>
