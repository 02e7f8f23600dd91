/**
 * What every storage must do, whatever engine is below it. The engines' own test files run this; an engine passes it
 * whole or is not one.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person, Storage } from '../src/index.ts'
import type { KeptApp, NewApp } from '../src/storage/apps.ts'
import type { Approval, KeptRequest, NewCode } from '../src/storage/consents.ts'
import type { NewTokens } from '../src/storage/tokens.ts'
import { digest, mint } from '../src/token.ts'

const start = Date.UTC(2026, 10, 21)
const minute = 60_000
const address = 'https://app.example.com/oauth/callback'
const right = { S256: 'challenge', plain: 'verifier' }
const profile = 1
const buzzRead = 65_536
const all = profile | buzzRead

export interface Opened {
  readonly storage: Storage
  /** Another connection to the same data, as another process would have; `undefined` where there is none. */
  readonly other: Storage | undefined
  close(): Promise<void>
}

export const storageContract = (engine: string, open: () => Promise<Opened>): void => {
  describe(`storage on ${engine}`, () => {
    let opened: Opened
    let storage: Storage
    let ada: Person
    let bob: Person
    let app: KeptApp
    const session = digest('a session')

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
      ada = await person('ada')
      bob = await person('bob')
      app = await register()
      const expiresAt = start + 1e9
      await storage.sessions.begin({ idHash: session, personId: bob.id, now: start, expiresAt, replaces: null })
    })
    afterEach(() => opened.close())

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

    const seen = (current: number | null, next: number | null = null) => ({ current, next })

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

    const newCode = (code: string, changes: Partial<NewCode> = {}): NewCode => ({
      hash: digest(code),
      redirectUri: address,
      challenge: right.S256,
      challengeMethod: 'S256',
      scopes: all,
      expiresAt: start + 10 * minute,
      ...changes,
    })

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

    const newTokens = (access: string, refresh: string, now: number): NewTokens => ({
      accessHash: digest(access),
      refreshHash: digest(refresh),
      accessExpiresAt: now + 60 * minute,
      refreshExpiresAt: now + 30 * 24 * 60 * minute,
    })

    const redeem = (
      code: string,
      pair: readonly [access: string, refresh: string] = [mint('token'), mint('token')],
      changes: Partial<Parameters<Storage['tokens']['redeemCode']>[0]> = {},
      on: Storage = storage,
    ) => {
      const now = changes.now ?? start
      return on.tokens.redeemCode({
        codeHash: digest(code),
        clientId: app.clientId,
        revision: app.revision,
        redirectUri: address,
        expected: right,
        tokens: newTokens(...pair, now),
        now,
        ...changes,
      })
    }

    const rotate = (
      spent: string,
      pair: readonly [access: string, refresh: string] = [mint('token'), mint('token')],
      changes: Partial<Parameters<Storage['tokens']['rotateRefreshToken']>[0]> = {},
      on: Storage = storage,
    ) => {
      const now = changes.now ?? start
      return on.tokens.rotateRefreshToken({
        refreshHash: digest(spent),
        clientId: app.clientId,
        revision: app.revision,
        narrowTo: null,
        accessBeforeUntil: null,
        salt: digest(pair[1]),
        tokens: newTokens(...pair, now),
        graceless: false,
        familyLifetime: 365 * 24 * 60 * minute,
        now,
        ...changes,
      })
    }

    const signIn = async (): Promise<readonly [access: string, refresh: string]> => {
      const pair = [mint('token'), mint('token')] as const
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
          return run(at % 2 === 1 && opened.other ? opened.other : storage, at)
        }),
      )

    const tally = (results: readonly { readonly _tag: string }[]): Readonly<Record<string, number>> => {
      const counted: Record<string, number> = {}
      for (const { _tag } of results) counted[_tag] = (counted[_tag] ?? 0) + 1
      return counted
    }

    describe('people and sessions', () => {
      it('names and addresses are unique whatever the case', async () => {
        const like = {
          uuid: mint('plain'),
          emailVerified: false,
          picture: null,
          staff: false,
          sample: false,
          password: null,
        }
        const create = (username: string, email: string | null) =>
          storage.people.create({ ...like, username, email }, start)
        expect(await create('ADA', null)).toEqual({ _tag: 'Taken', field: 'username' })
        expect(await create('cy', 'Bob@Example.com')).toEqual({ _tag: 'Taken', field: 'email' })
        expect((await storage.people.byUsername('Ada'))?.person.id).toBe(ada.id)
        expect((await storage.people.byEmail('ADA@EXAMPLE.COM'))?.person.id).toBe(ada.id)
        expect(await storage.people.byId(999_999)).toBeNull()
      })

      it('of many who want one name, one gets it', async () => {
        const results = await racing(10, (on, at) =>
          on.people.create(
            {
              uuid: mint('plain'),
              username: at % 2 ? 'Cy' : 'cy',
              email: null,
              emailVerified: false,
              picture: null,
              staff: false,
              sample: false,
              password: null,
            },
            start,
          ),
        )
        expect(tally(results)).toEqual({ Created: 1, Taken: 9 })
      })

      it('O2 a person becomes staff and stops being it, in every session at once, and their log says so', async () => {
        const seen = async () => (await (opened.other ?? storage).sessions.find(session, start))?.person.staff
        expect(await seen()).toBe(false)
        expect(await storage.people.setStaff(bob.id, true, start + 1)).toBe(true)
        expect(await storage.people.setStaff(bob.id, true, start + 2)).toBe(false)
        expect(await seen()).toBe(true)
        expect(await storage.people.staff()).toEqual([{ ...bob, staff: true }])
        expect(await storage.people.setStaff(bob.id, false, start + 3)).toBe(true)
        expect(await storage.people.setStaff(999_999, true, start)).toBe(false)
        expect(await seen()).toBe(false)
        expect(await storage.people.staff()).toEqual([])
        expect(await storage.audit.ofPerson(bob.id, { before: null, limit: 9 })).toMatchObject([
          { kind: 'staff-removed', at: start + 3, personId: bob.id, actorId: null, clientId: null },
          { kind: 'staff-added', at: start + 1 },
        ])
      })

      it('of many who make one person staff one does, and one event says so', async () => {
        const results = await racing(10, (on) => on.people.setStaff(bob.id, true, start))
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await storage.audit.ofPerson(bob.id, { before: null, limit: 9 })).toHaveLength(1)
      })

      it('a session is found until it ends, and one that is replaced is gone', async () => {
        const [one, two] = [digest('one'), digest('two')]
        const begin = (idHash: Uint8Array, replaces: Uint8Array | null) =>
          storage.sessions.begin({ idHash, personId: ada.id, now: start, expiresAt: start + minute, replaces })
        await begin(one, null)
        expect(await storage.sessions.find(one, start)).toEqual({ person: ada, createdAt: start })
        expect(await storage.sessions.find(one, start + minute)).toBeNull()
        await begin(two, one)
        expect(await storage.sessions.find(one, start)).toBeNull()
        await storage.sessions.endAll(ada.id)
        expect(await storage.sessions.find(two, start)).toBeNull()
        expect(await storage.sessions.find(session, start)).not.toBeNull()
      })
    })

    describe('apps and secrets', () => {
      it('keeps what was registered', async () => {
        const name = 'Ràdio "x" 🦊 漢'
        const kept = await register({
          name,
          redirectUris: [address, 'http://localhost:3000/cb'],
          type: 'public',
          secretHash: null,
        })
        expect(await storage.apps.find(kept.clientId)).toEqual(kept)
        expect(kept).toMatchObject({ name, scopes: all, version: 1, secret: null, nextSecret: null, createdAt: start })
        expect(await storage.apps.find('unknown')).toBeNull()
      })

      it('of two edits that began at the same version one is kept, and every edit counts up', async () => {
        const fields = { name: 'New', description: '', redirectUris: [address], scopes: profile, reach: profile }
        const results = await racing(6, (on, at) =>
          on.apps.edit(app.clientId, ada.id, 1, { ...fields, name: `New ${at}` }, start + 1),
        )
        expect(tally(results)).toEqual({ Edited: 1, Conflict: 5 })
        const standing = await storage.apps.find(app.clientId)
        expect(standing).toMatchObject({ version: 2, updatedAt: start + 1, scopes: profile })
        expect(standing?.revision).toBeGreaterThan(app.revision)
        expect(await storage.apps.edit(app.clientId, bob.id, 2, fields, start)).toEqual({ _tag: 'NotFound' })
      })

      it('a prepared secret stands beside the current one and takes its place; without one the new one does', async () => {
        const { clientId } = app
        const prepared = await storage.secrets.prepare(clientId, ada.id, seen(start), digest('next'), start + 4)
        expect(prepared).toMatchObject({ _tag: 'Changed', app: { version: 1 } })
        await storage.secrets.touch(clientId, digest('next'), start + 5)
        const promoted = await storage.secrets.rotate(clientId, ada.id, seen(start, start + 4), digest('unused'), start)
        expect(promoted).toMatchObject({ promoted: true, app: { nextSecret: null, secret: { lastUsedAt: start + 5 } } })
        const replaced = await storage.secrets.rotate(clientId, ada.id, seen(start + 4), digest('third'), start + 9)
        if (replaced._tag !== 'Changed') throw new Error('not changed')
        expect(replaced.promoted).toBe(false)
        expect(Buffer.from(replaced.app.secret?.hash ?? [])).toEqual(digest('third'))
        expect(replaced.app.revision).toBeGreaterThan(app.revision)
        expect(await storage.secrets.rotate(clientId, bob.id, seen(start + 9), digest('x'), start)).toEqual({
          _tag: 'NotFound',
        })
        const open = await register({ type: 'public', secretHash: null })
        expect(await storage.secrets.rotate(open.clientId, ada.id, seen(null), digest('x'), start)).toEqual({
          _tag: 'NotConfidential',
        })
      })

      it.each(['rotate', 'prepare'] as const)(
        'A8 U9 of many who %s upon what they saw one counts, and its secret stands',
        async (change) => {
          const results = await racing(6, (on, at) =>
            on.secrets[change](app.clientId, ada.id, seen(start), digest(`secret ${at}`), start + 1 + at),
          )
          expect(tally(results)).toEqual({ Changed: 1, Conflict: 5 })
          const winner = results.findIndex(({ _tag }) => _tag === 'Changed')
          const standing = await storage.apps.find(app.clientId)
          const kept = change === 'rotate' ? standing?.secret : standing?.nextSecret
          expect(kept).toMatchObject({ createdAt: start + 1 + winner })
          expect(Buffer.from(kept?.hash ?? [])).toEqual(digest(`secret ${winner}`))
          for (const result of results) if (result._tag === 'Conflict') expect(result.app).toEqual(standing)
          expect((await storage.audit.ofApp(app.clientId, ada.id, { before: null, limit: 9 })).length).toBe(2)
        },
      )

      it('counts and lists', async () => {
        await signIn()
        await storage.tokens.issueToClient({
          clientId: app.clientId,
          revision: app.revision,
          scopes: profile,
          accessHash: digest('own'),
          expiresAt: start + minute,
          now: start,
        })
        expect(await storage.apps.count(app.clientId, start)).toEqual({ people: 1, liveTokens: 3 })
        expect(await storage.apps.count(app.clientId, start + 90 * minute)).toEqual({ people: 1, liveTokens: 1 })
        const second = await register({ name: 'Second' })
        const page = await storage.apps.list(ada.id, { query: '', after: null, limit: 1 }, start)
        expect(page).toMatchObject({ total: 2, more: true, apps: [{ clientId: second.clientId, people: 0 }] })
        const next = await storage.apps.list(ada.id, { query: '', after: second.clientId, limit: 1 }, start)
        expect(next).toMatchObject({ more: false, apps: [{ clientId: app.clientId, people: 1, liveTokens: 3 }] })
        expect(await storage.apps.list(ada.id, { query: 'SEC', after: null, limit: 9 }, start)).toMatchObject({
          total: 1,
        })
      })
    })

    describe('consent', () => {
      it('C3 of many answers to one request one counts, and the others hear what it was', async () => {
        const request = await keepRequest()
        const results = await racing(8, (on) =>
          on.consents.recordConsent(approval(request, { code: newCode(mint('code')) })),
        )
        expect(tally(results)).toEqual({ Recorded: 1, Repeated: 7 })
      })

      it('U3 another session finds nothing and answers nothing', async () => {
        const request = await keepRequest()
        const sessionHash = digest('another')
        expect(await storage.consents.find(request, sessionHash, start)).toBeNull()
        expect(await storage.consents.recordConsent(approval(request, { sessionHash }))).toEqual({ _tag: 'Gone' })
        const denial = { requestHash: request, sessionHash, personId: bob.id, now: start }
        expect(await storage.consents.recordDenial(denial)).toEqual({ _tag: 'Gone' })
        expect(await storage.consents.find(request, session, start)).toMatchObject({ answer: null, requested: all })
      })

      it('runs out', async () => {
        const request = await keepRequest()
        const now = start + 30 * minute
        expect(await storage.consents.find(request, session, now)).toBeNull()
        expect(await storage.consents.recordConsent(approval(request, { now }))).toEqual({ _tag: 'Gone' })
      })

      it('after Deny there is no Authorize, and after Authorize no Deny', async () => {
        const [denied, approved] = [await keepRequest(), await keepRequest()]
        const denial = (requestHash: Uint8Array) => ({
          requestHash,
          sessionHash: session,
          personId: bob.id,
          now: start,
        })
        expect(await storage.consents.recordDenial(denial(denied))).toEqual({ _tag: 'Recorded' })
        expect(await storage.consents.recordConsent(approval(denied))).toEqual({ _tag: 'Gone' })
        expect(await storage.consents.recordConsent(approval(approved))).toEqual({ _tag: 'Recorded' })
        expect(await storage.consents.recordDenial(denial(approved))).toEqual({ _tag: 'Gone' })
      })

      it('R3 is Stale when the app has changed since it was checked, and grants nothing', async () => {
        const request = await keepRequest()
        const fields = { name: 'N', description: '', redirectUris: [address], scopes: profile, reach: profile }
        await storage.apps.edit(app.clientId, ada.id, 1, fields, start)
        expect(await storage.consents.recordConsent(approval(request))).toEqual({ _tag: 'Stale' })
        expect(await storage.grants.find(bob.id, app.clientId)).toBeNull()
      })

      it('grants add up; what is not ticked is not remembered', async () => {
        await codeFor({ code: newCode('a', { scopes: profile }), remember: true })
        expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ scopes: profile, remembered: profile })
        const limit = [{ type: 'absolute', limit: 5 }] as const
        await codeFor({ code: newCode('b', { scopes: buzzRead }), remember: true, buzzLimit: limit })
        expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({
          scopes: all,
          remembered: all,
          buzzLimit: limit,
        })
        await codeFor({ code: newCode('c'), remember: false })
        expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({
          scopes: all,
          remembered: 0,
          buzzLimit: limit,
        })
        await codeFor({ code: newCode('d'), buzzLimit: null })
        expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ buzzLimit: null, createdAt: start })
        expect(await storage.grants.list(bob.id)).toMatchObject([{ app: { name: 'Radio' }, grant: { scopes: all } }])
        expect(await storage.grants.list(ada.id)).toEqual([])
      })

      it('U5 passes without a page only where it is remembered at that moment', async () => {
        const silently = (scopes: number) =>
          storage.consents.approveRemembered({
            personId: bob.id,
            clientId: app.clientId,
            revision: app.revision,
            code: newCode(mint('code'), { scopes }),
            now: start,
          })
        expect(await silently(profile)).toEqual({ _tag: 'NotCovered' })
        await codeFor({ code: newCode('a', { scopes: profile }) })
        expect(await silently(profile)).toEqual({ _tag: 'Recorded' })
        expect(await silently(all)).toEqual({ _tag: 'NotCovered' })
        await storage.grants.revoke(bob.id, app.clientId, start)
        expect(await silently(profile)).toEqual({ _tag: 'NotCovered' })
      })
    })

    describe('codes', () => {
      it('C3 of many who redeem one code one wins', async () => {
        const code = await codeFor()
        const results = await racing(20, (on) => redeem(code, undefined, {}, on))
        expect(tally(results)).toEqual({ Redeemed: 1, Repeated: 19 })
      })

      it('C1 C2 a repeat ends nothing for thirty seconds, and the family after that', async () => {
        const code = await codeFor()
        const pair = [mint('token'), mint('token')] as const
        expect(await redeem(code, pair)).toEqual({ _tag: 'Redeemed', scopes: all, personId: bob.id })
        expect(await redeem(code, undefined, { now: start + 30_000 })).toEqual({ _tag: 'Repeated' })
        expect(await isAlive(pair[0])).toBe(true)
        expect(await redeem(code, undefined, { now: start + 30_001 })).toEqual({ _tag: 'Reused' })
        expect(await isAlive(pair[0])).toBe(false)
        expect(await rotate(pair[1])).toEqual({ _tag: 'Ended' })
      })

      it.each([
        ['client', { clientId: 'another' }],
        ['redirect_uri', { redirectUri: 'https://evil.example' }],
        ['code_verifier', { expected: { S256: 'wrong', plain: 'wrong' } }],
      ] as const)('C4 a wrong %s burns it', async (part, changes) => {
        const code = await codeFor()
        expect(await redeem(code, undefined, changes)).toEqual({ _tag: 'Mismatched', part })
        expect(await redeem(code, undefined, { now: start + minute })).toEqual({ _tag: 'Reused' })
        const used = await codeFor()
        const pair = [mint('token'), mint('token')] as const
        await redeem(used, pair)
        expect(await redeem(used, undefined, changes)).toEqual({ _tag: 'Reused' })
        expect(await isAlive(pair[0])).toBe(false)
      })

      it('C8 the method is the one that was stored', async () => {
        const code = mint('code')
        await codeFor({ code: newCode(code, { challengeMethod: 'plain', challenge: right.plain }) }, code)
        expect(await redeem(code, undefined, { expected: { S256: right.plain, plain: 'other' } })).toMatchObject({
          _tag: 'Mismatched',
        })
      })

      it('C10 one that lost its challenge fails closed', async () => {
        const code = mint('code')
        await codeFor({ code: newCode(code, { challenge: '' }) }, code)
        expect(await redeem(code, undefined, { expected: { S256: '', plain: '' } })).toMatchObject({
          _tag: 'Mismatched',
        })
      })

      it('C9 expires at its moment', async () => {
        const [late, early] = [await codeFor(), await codeFor()]
        expect(await redeem(late, undefined, { now: start + 10 * minute })).toEqual({ _tag: 'Expired' })
        expect(await redeem(early, undefined, { now: start + 10 * minute - 1 })).toMatchObject({ _tag: 'Redeemed' })
        expect(await redeem('never issued')).toEqual({ _tag: 'Unknown' })
      })

      it('F6 is Ended after removal, Stale after a change of the app, Unknown after its deletion', async () => {
        const [first, second] = [await codeFor(), await codeFor()]
        await storage.secrets.rotate(app.clientId, ada.id, seen(start), digest('new'), start)
        expect(await redeem(first)).toEqual({ _tag: 'Stale' })
        const { revision } = (await storage.apps.find(app.clientId)) as KeptApp
        expect(await redeem(first, undefined, { revision })).toMatchObject({ _tag: 'Redeemed' })
        await storage.grants.revoke(bob.id, app.clientId, start)
        expect(await redeem(second, undefined, { revision })).toEqual({ _tag: 'Ended' })
        await storage.apps.delete(app.clientId, ada.id, start)
        expect(await redeem(second, undefined, { revision })).toEqual({ _tag: 'Unknown' })
      })
    })

    describe('refresh tokens', () => {
      it('F2 of many who rotate one token one begins the next generation, and the others get its salt', async () => {
        const [, refresh] = await signIn()
        const results = await racing(20, (on) => rotate(refresh, undefined, {}, on))
        expect(tally(results)).toEqual({ Rotated: 1, Replayed: 19 })
        const salts = results.flatMap((result) =>
          result._tag === 'Replayed' ? [Buffer.from(result.salt).toString('hex')] : [],
        )
        expect(new Set(salts).size).toBe(1)
      })

      it('F3 F1 a spent one replays for thirty seconds, and then ends its family and no other', async () => {
        const [other, [, refresh]] = [await signIn(), await signIn()]
        const next = [mint('token'), mint('token')] as const
        await rotate(refresh, next)
        const replayed = await rotate(refresh, undefined, { now: start + 30_000 })
        expect(replayed).toMatchObject({ _tag: 'Replayed', scopes: all })
        expect(await isAlive(next[0])).toBe(true)
        expect(await rotate(refresh, undefined, { now: start + 30_001 })).toEqual({ _tag: 'Reused' })
        expect(await isAlive(next[0])).toBe(false)
        expect(await rotate(next[1])).toEqual({ _tag: 'Ended' })
        expect(await isAlive(other[0])).toBe(true)
      })

      it('F3 once its salt is erased it does not replay', async () => {
        const [, refresh] = await signIn()
        await rotate(refresh)
        await storage.upkeep.sweep(start + 30_001, 100)
        expect(await rotate(refresh, undefined, { now: start + 1 })).toEqual({ _tag: 'Reused' })
      })

      it('F7 lives as long as it was given, and no longer than its family', async () => {
        const [, refresh] = await signIn()
        const next = [mint('token'), mint('token')] as const
        const familyLifetime = 40 * minute
        expect(await rotate(refresh, next, { familyLifetime })).toMatchObject({ _tag: 'Rotated' })
        expect(await rotate(next[1], undefined, { now: start + 40 * minute })).toEqual({ _tag: 'Expired' })
        expect(await rotate(next[1], undefined, { now: start + 40 * minute - 1 })).toMatchObject({ _tag: 'Rotated' })
      })

      it('F8 narrows, never widens, and the next one holds all again', async () => {
        const [, refresh] = await signIn()
        expect(await rotate(refresh, undefined, { narrowTo: all | 2 })).toEqual({ _tag: 'TooWide' })
        const next = [mint('token'), mint('token')] as const
        expect(await rotate(refresh, next, { narrowTo: profile })).toMatchObject({ _tag: 'Rotated', scopes: profile })
        expect(await rotate(next[1])).toMatchObject({ _tag: 'Rotated', scopes: all })
      })

      it('F9 another app gets nothing and ends nothing; an unknown one is unknown', async () => {
        const [access, refresh] = await signIn()
        expect(await rotate(refresh, undefined, { clientId: 'another' })).toEqual({ _tag: 'WrongClient' })
        expect(await isAlive(access)).toBe(true)
        expect(await rotate('never issued')).toEqual({ _tag: 'Unknown' })
      })

      it('F10 follows what the app may have now, and is Stale against an older copy of it', async () => {
        const [access, refresh] = await signIn()
        const fields = { name: 'N', description: '', redirectUris: [address], scopes: 0, reach: profile }
        await storage.apps.edit(app.clientId, ada.id, 1, fields, start)
        expect(await rotate(refresh)).toEqual({ _tag: 'Stale' })
        const { revision } = (await storage.apps.find(app.clientId)) as KeptApp
        expect(await rotate(refresh, undefined, { revision })).toMatchObject({ _tag: 'Rotated', scopes: profile })
        expect(await storage.tokens.find(digest(access), start)).toMatchObject({ scopes: profile })
      })

      it('F6 O4 racing an ending, no token is alive afterwards', async () => {
        for (let round = 0; round < 6; round++) {
          const [access, refresh] = await signIn()
          const pairs = Array.from({ length: 6 }, () => [mint('token'), mint('token')] as const)
          const end = (on: Storage): Promise<unknown> =>
            round % 2
              ? on.grants.revoke(bob.id, app.clientId, start)
              : on.tokens.revoke({ hash: digest(refresh), by: { _tag: 'Client', clientId: app.clientId }, now: start })
          await racing<unknown>(7, (on, at) => (at === 3 ? end(on) : rotate(refresh, pairs[at === 6 ? 3 : at], {}, on)))
          for (const [one] of [[access], ...pairs]) expect(await isAlive(one as string)).toBe(false)
        }
      })

      it('the access token before it lives on as long as is said, and no longer', async () => {
        const [access, refresh] = await signIn()
        await rotate(refresh, undefined, { accessBeforeUntil: start + 30_000 })
        expect(await isAlive(access, start + 29_999)).toBe(true)
        expect(await isAlive(access, start + 30_000)).toBe(false)
      })

      it('graceless refuses at once and ends nothing', async () => {
        const [, refresh] = await signIn()
        const next = [mint('token'), mint('token')] as const
        await rotate(refresh, next)
        expect(await rotate(refresh, undefined, { graceless: true })).toEqual({ _tag: 'Unknown' })
        expect(await isAlive(next[0])).toBe(true)
      })
    })

    describe('devices', () => {
      const [codeHash, userCodeHash] = [digest('device'), digest('user code')]
      const begin = () =>
        storage.devices.begin({
          clientId: app.clientId,
          requested: all,
          codeHash,
          userCodeHash,
          expiresAt: start + 15 * minute,
          interval: 5,
        })
      const poll = (now: number, clientId = app.clientId) => storage.devices.poll(codeHash, clientId, now)

      it('wait, are told to slow down, and run out', async () => {
        await begin()
        expect(await poll(start)).toEqual({ _tag: 'Waiting' })
        expect(await poll(start + 4_999)).toEqual({ _tag: 'TooSoon' })
        expect(await poll(start + 14_998)).toEqual({ _tag: 'TooSoon' })
        expect(await poll(start + 29_998)).toEqual({ _tag: 'Waiting' })
        expect(await poll(start, 'another')).toEqual({ _tag: 'Unknown' })
        expect(await poll(start + 15 * minute)).toEqual({ _tag: 'Expired' })
        expect(await storage.devices.find(userCodeHash, start + 15 * minute)).toBeNull()
      })

      it('get their code when the person agrees, redeemed once like any other', async () => {
        await begin()
        const found = await storage.devices.find(userCodeHash, start)
        expect(found).toMatchObject({ clientId: app.clientId, requested: all })
        const request = await keepRequest({ device: found?.codeHash ?? null })
        await storage.consents.recordConsent(approval(request))
        expect(await poll(start)).toEqual({ _tag: 'Approved' })
        expect(await storage.devices.find(userCodeHash, start)).toBeNull()
        const results = await racing(8, (on) => redeem('device', undefined, {}, on))
        expect(tally(results)).toEqual({ Redeemed: 1, Repeated: 7 })
      })

      it('C3 have one answer, though their code was typed into two pages', async () => {
        await begin()
        const [first, second, third] = [
          await keepRequest({ device: codeHash }),
          await keepRequest({ device: codeHash }),
          await keepRequest({ device: codeHash }),
        ]
        const answers = await Promise.all([
          storage.consents.recordConsent(approval(first)),
          (opened.other ?? storage).consents.recordConsent(approval(second)),
        ])
        expect(tally(answers)).toEqual({ Recorded: 1, Gone: 1 })
        const no = { requestHash: third, sessionHash: session, personId: bob.id, now: start }
        expect(await storage.consents.recordDenial(no)).toEqual({ _tag: 'Gone' })
        expect(await poll(start)).toEqual({ _tag: 'Approved' })
      })

      it('hear it when the person does not', async () => {
        await begin()
        const request = await keepRequest({ device: codeHash })
        await storage.consents.recordDenial({
          requestHash: request,
          sessionHash: session,
          personId: bob.id,
          now: start,
        })
        expect(await poll(start)).toEqual({ _tag: 'Denied' })
      })
    })

    describe('access tokens', () => {
      it('are found with their person, app and scopes until they expire', async () => {
        const [access] = await signIn()
        expect(await storage.tokens.find(digest(access), start)).toEqual({
          person: bob,
          clientId: app.clientId,
          appId: app.id,
          dialect: 'civitai',
          trusted: false,
          scopes: all,
          issuedAt: start,
          expiresAt: start + 60 * minute,
        })
        expect(await isAlive(access, start + 60 * minute - 1)).toBe(true)
        expect(await isAlive(access, start + 60 * minute)).toBe(false)
      })

      it('T4 die at once, on every connection, when the grant, the family or the app ends', async () => {
        const on = opened.other ?? storage
        const [byToken] = await signIn()
        await storage.tokens.revoke({ hash: digest(byToken), by: { _tag: 'Person', personId: bob.id }, now: start })
        expect(await isAlive(byToken, start, on)).toBe(false)
        const [byGrant] = await signIn()
        await storage.grants.revoke(bob.id, app.clientId, start)
        expect(await isAlive(byGrant, start, on)).toBe(false)
        const [byApp] = await signIn()
        expect(await isAlive(byGrant, start, on)).toBe(false)
        await storage.apps.delete(app.clientId, ada.id, start)
        expect(await isAlive(byApp, start, on)).toBe(false)
      })

      it('are revoked by their own app or person only', async () => {
        const [access, refresh] = await signIn()
        const revoke = (hash: Uint8Array, by: Parameters<Storage['tokens']['revoke']>[0]['by']) =>
          storage.tokens.revoke({ hash, by, now: start })
        expect(await revoke(digest(access), { _tag: 'Client', clientId: 'x' })).toEqual({ _tag: 'NotFound' })
        expect(await revoke(digest(access), { _tag: 'Person', personId: ada.id })).toEqual({ _tag: 'NotFound' })
        expect(await isAlive(access)).toBe(true)
        expect(await revoke(digest(refresh), { _tag: 'Client', clientId: app.clientId })).toEqual({ _tag: 'Revoked' })
        expect(await isAlive(access)).toBe(false)
      })

      it("an app's own token acts as its owner and is Stale for an older copy of the app", async () => {
        const issue = (accessHash: Uint8Array, revision: number) =>
          storage.tokens.issueToClient({
            clientId: app.clientId,
            revision,
            scopes: all,
            accessHash,
            expiresAt: start + minute,
            now: start,
          })
        expect(await issue(digest('x'), app.revision + 1)).toEqual({ _tag: 'Stale' })
        expect(await issue(digest('y'), app.revision)).toEqual({ _tag: 'Issued' })
        expect(await storage.tokens.find(digest('y'), start)).toMatchObject({ person: ada, scopes: all })
        expect(await storage.tokens.find(digest('x'), start)).toBeNull()
      })
    })

    describe('approving without a page', () => {
      it('U8 a direct approval is a grant that is not remembered, and Stale for an older copy of the app', async () => {
        const approve = (revision: number) =>
          storage.consents.approveDirectly({
            personId: bob.id,
            clientId: app.clientId,
            revision,
            byToken: null,
            code: newCode('direct', { scopes: profile }),
            now: start,
          })
        expect(await approve(app.revision + 1)).toEqual({ _tag: 'Stale' })
        expect(await approve(app.revision)).toEqual({ _tag: 'Recorded' })
        expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ scopes: profile, remembered: 0 })
        expect(await redeem('direct')).toMatchObject({ _tag: 'Redeemed', scopes: profile })
      })

      it('T4 F6 a token that approves cannot bring back the grant it lived by, however the two race', async () => {
        for (let round = 0; round < 10; round++) {
          const [access] = await signIn()
          const approve = (on: Storage) =>
            on.consents.approveDirectly({
              personId: bob.id,
              clientId: app.clientId,
              revision: app.revision,
              byToken: digest(access),
              code: newCode(`direct ${round}`, { scopes: profile }),
              now: start,
            })
          const [removed, approved] = await Promise.all([
            storage.grants.revoke(bob.id, app.clientId, start),
            approve(opened.other ?? storage),
          ])
          expect(removed).toEqual({ _tag: 'Revoked' })
          expect(['Recorded', 'Ended']).toContain(approved._tag)
          expect(await storage.grants.find(bob.id, app.clientId)).toBeNull()
          expect(await approve(storage)).toEqual({ _tag: 'Ended' })
          expect((await redeem(`direct ${round}`))._tag).not.toBe('Redeemed')
        }
      })
    })

    describe('wallets', () => {
      const spend = (amount: number, changes: Partial<Parameters<Storage['wallet']['spend']>[0]> = {}, on = storage) =>
        on.wallet.spend({
          personId: bob.id,
          clientId: app.clientId,
          currency: 'yellow',
          amount,
          reason: 'work',
          byToken: null,
          limit: null,
          caps: [],
          workflow: null,
          now: start,
          ...changes,
        })

      it('of many who spend at once only as many succeed as there is, and the ledger says so', async () => {
        await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
        const results = await racing(20, (on) => spend(30, {}, on))
        expect(tally(results)).toEqual({ Spent: 3, Broke: 17 })
        expect(await storage.wallet.balances(bob.id)).toEqual({ yellow: 10 })
        const ledger = await storage.wallet.ledger(bob.id, 'yellow', { before: null, limit: 10 })
        expect(ledger.map(({ amount }) => amount)).toEqual([-30, -30, -30, 100])
        expect(await spend(1, { personId: ada.id })).toEqual({ _tag: 'Broke' })
      })

      it('every cap holds, whoever races, in its time and its currencies', async () => {
        await storage.wallet.credit(bob.id, 'yellow', 10_000, 'To begin with', start)
        const caps = [
          { limit: 50, since: start, currencies: null },
          { limit: 1_000, since: null, currencies: ['yellow'] },
        ]
        const results = await racing(12, (on) => spend(10, { caps }, on))
        expect(tally(results)).toEqual({ Spent: 5, Capped: 7 })
        expect(await storage.wallet.spent(bob.id, app.clientId, caps)).toEqual([50, 50])
        const later = [{ limit: 50, since: start + 1, currencies: null }]
        expect(await spend(50, { caps: later, now: start + 1 })).toMatchObject({ _tag: 'Spent' })
        expect(await spend(1, { caps: [{ limit: 1, since: null, currencies: ['blue'] }] })).toMatchObject({
          _tag: 'Spent',
        })
        expect(await storage.wallet.spent(bob.id, 'another', caps)).toEqual([0, 0])
      })

      it('is Stale when the limit is another than the caps were drawn from, and takes nothing', async () => {
        await codeFor()
        await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
        const limit = [{ type: 'absolute', limit: 5 }] as const
        expect(await storage.grants.setBuzzLimit(bob.id, app.clientId, limit, start)).toEqual({ _tag: 'Changed' })
        expect(await storage.grants.setBuzzLimit(ada.id, app.clientId, limit, start)).toEqual({ _tag: 'NotFound' })
        expect(await spend(1)).toEqual({ _tag: 'Stale' })
        expect(await spend(1, { limit })).toEqual({ _tag: 'Spent', balance: 99 })
      })

      it('T4 F6 a token whose grant is removed spends no more, and never as if there were no limit, however the two race', async () => {
        await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
        const limit = [{ type: 'absolute', limit: 5 }] as const
        for (let round = 0; round < 10; round++) {
          const [access] = await signIn()
          await storage.grants.setBuzzLimit(bob.id, app.clientId, limit, start)
          const byToken = digest(access)
          // As a caller that read "no grant", or read the limit, a moment before.
          const results = await Promise.all([
            storage.grants.revoke(bob.id, app.clientId, start),
            spend(50, { byToken }, opened.other ?? storage),
            spend(50, { byToken }),
          ])
          for (const { _tag } of results.slice(1)) expect(['Stale', 'Ended']).toContain(_tag)
          expect(await spend(1, { byToken })).toEqual({ _tag: 'Ended' })
          expect(await spend(1, { byToken, limit })).toEqual({ _tag: 'Ended' })
        }
        expect(await storage.wallet.balances(bob.id)).toEqual({ yellow: 100 })
      })

      it('T4 a token spends while it lives, and none that is revoked, run out or unknown does', async () => {
        await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
        const [access, refresh] = await signIn()
        const byToken = digest(access)
        expect(await spend(1, { byToken })).toEqual({ _tag: 'Spent', balance: 99 })
        expect(await spend(1, { byToken, now: start + 60 * minute })).toEqual({ _tag: 'Ended' })
        expect(await spend(1, { byToken: digest('unknown') })).toEqual({ _tag: 'Ended' })
        const own = { accessHash: digest('own'), expiresAt: start + minute, now: start }
        const { clientId, revision } = app
        await storage.tokens.issueToClient({ clientId, revision, scopes: profile, ...own })
        expect(await spend(1, { byToken: digest('own') })).toEqual({ _tag: 'Spent', balance: 98 })
        const by = { _tag: 'Client', clientId } as const
        await storage.tokens.revoke({ hash: digest(refresh), by, now: start })
        expect(await spend(1, { byToken })).toEqual({ _tag: 'Ended' })
      })

      it('a workflow begins if and only if it was paid for', async () => {
        await storage.wallet.credit(bob.id, 'yellow', 5, 'To begin with', start)
        const workflow = (id: string) => ({ id, body: '{"steps":[]}', cost: 5, readyAt: start + 9 })
        expect(await spend(5, { workflow: workflow('one') })).toMatchObject({ _tag: 'Spent' })
        expect(await spend(5, { workflow: workflow('two') })).toEqual({ _tag: 'Broke' })
        const kept = { ...workflow('one'), clientId: app.clientId, createdAt: start }
        expect(await storage.wallet.workflows(bob.id, 9)).toEqual([kept])
        expect(await storage.wallet.workflow(bob.id, 'one')).toEqual(kept)
        expect(await storage.wallet.workflow(ada.id, 'one')).toBeNull()
      })
    })

    describe('keys, posts and verification', () => {
      it('an API key acts as its person until it is deleted, by its person only', async () => {
        const hash = digest('QK-x')
        const key = await storage.apiKeys.create({ personId: bob.id, name: 'laptop', hint: 'abcd', hash }, start)
        expect(key).toEqual({ id: key.id, name: 'laptop', hint: 'abcd', createdAt: start, lastUsedAt: null })
        expect(await storage.apiKeys.isOf(bob.id, hash)).toBe(true)
        expect(await storage.apiKeys.isOf(ada.id, hash)).toBe(false)
        expect(await storage.apiKeys.isOf(bob.id, digest('QK-other'))).toBe(false)
        expect(await storage.apiKeys.list(bob.id)).toEqual([key])
        expect(await storage.apiKeys.use(hash, start + 1)).toEqual(bob)
        expect(await storage.apiKeys.list(bob.id)).toMatchObject([{ lastUsedAt: start + 1 }])
        expect(await storage.apiKeys.delete(ada.id, key.id, start)).toEqual({ _tag: 'NotFound' })
        expect(await storage.apiKeys.delete(bob.id, key.id, start)).toEqual({ _tag: 'Deleted' })
        expect(await storage.apiKeys.use(hash, start)).toBeNull()
        expect(await storage.apiKeys.list(bob.id)).toEqual([])
      })

      it('posts are kept newest first', async () => {
        for (const title of ['one', 'two'])
          await storage.posts.create({ personId: bob.id, title, content: '', clientId: null }, start)
        expect((await storage.posts.list(bob.id)).map(({ title }) => title)).toEqual(['two', 'one'])
        expect(await storage.posts.list(ada.id)).toEqual([])
      })

      it('a request for verification waits in the queue, oldest first, until staff answer', async () => {
        const second = await register({ name: 'Second' })
        const ask = (clientId: string, now: number, ownerId = ada.id) =>
          storage.verification.ask(clientId, ownerId, { note: 'We are real.', links: ['https://x.example'] }, now)
        expect(await ask(app.clientId, start, bob.id)).toEqual({ _tag: 'NotFound' })
        expect(await ask(second.clientId, start + 2)).toEqual({ _tag: 'Asked' })
        expect(await ask(app.clientId, start + 1)).toEqual({ _tag: 'Asked' })
        expect(await ask(app.clientId, start + 3)).toEqual({ _tag: 'Asked' })
        const first = { after: null, limit: 9 }
        const queue = await storage.verification.queue(first)
        expect(queue.map(({ app: { name }, request }) => [name, request.askedAt])).toEqual([
          ['Radio', start + 1],
          ['Second', start + 2],
        ])
        const waiting = (after: { readonly askedAt: number; readonly clientId: string }) =>
          storage.verification.queue({ after, limit: 1 })
        const theSecond = queue[1]?.request
        expect(await waiting({ askedAt: start + 1, clientId: app.clientId })).toMatchObject([{ request: theSecond }])
        expect(await waiting({ askedAt: start + 2, clientId: second.clientId })).toEqual([])
        const decision = { flag: 'verified', on: true, reason: 'known' } as const
        expect(await storage.verification.decide(app.clientId, decision, bob.id, start + 4)).toMatchObject({
          verified: true,
        })
        expect(await storage.verification.find(app.clientId)).toMatchObject({
          decision: { verified: true, reason: 'known', at: start + 4 },
        })
        expect(await ask(app.clientId, start)).toEqual({ _tag: 'AlreadyVerified' })
        expect(await storage.verification.queue(first)).toHaveLength(1)
        const trust = { flag: 'trusted', on: true, reason: 'known' } as const
        expect(await storage.verification.decide(second.clientId, trust, null, start)).toMatchObject({ trusted: true })
        expect(await storage.verification.queue(first)).toHaveLength(1)
        expect(await storage.verification.decide('unknown', decision, null, start)).toBeNull()
        const page = { after: null, limit: 9 }
        expect(await storage.verification.search('RAD', page)).toMatchObject([{ owner: 'ada', app: { name: 'Radio' } }])
        expect(await storage.verification.search('ada', page)).toHaveLength(2)
        expect(await storage.verification.search('ada', { after: second.clientId, limit: 9 })).toMatchObject([
          { app: { name: 'Radio' } },
        ])
        expect(await storage.verification.search('bob', { after: second.clientId, limit: 9 })).toEqual([])
      })
    })

    describe('text that holds a NUL', () => {
      it('H4 finds nothing, and is no reason to fail', async () => {
        expect(await storage.apps.find('a\0')).toBeNull()
        expect(await storage.people.byEmail('ada\0@example.com')).toBeNull()
        expect(await storage.grants.revoke(bob.id, '\0', start)).toEqual({ _tag: 'NotFound' })
        const page = { query: '\0', after: '\0', limit: 10 }
        expect(await storage.apps.list(ada.id, page, start)).toMatchObject({ apps: [], total: 0 })
      })
    })

    describe('the audit log and upkeep', () => {
      it('O3 outlives the app, for its owner, newest first, in pages', async () => {
        await signIn()
        await storage.apps.delete(app.clientId, ada.id, start)
        const page = (before: number | null, limit: number) =>
          storage.audit.ofApp(app.clientId, ada.id, { before, limit })
        const events = await page(null, 10)
        expect(events.map(({ kind }) => kind)).toEqual(['app-deleted', 'signed-in', 'granted', 'app-registered'])
        expect((await page(events[1]?.id as number, 1)).map(({ kind }) => kind)).toEqual(['granted'])
        expect(await storage.audit.ofApp(app.clientId, bob.id, { before: null, limit: 10 })).toEqual([])
        const own = await storage.audit.ofPerson(bob.id, { before: null, limit: 10 })
        expect(own.map(({ kind }) => kind)).toEqual(['signed-in', 'granted'])
      })

      it('counts the refreshes of each day from the tokens they spent, for the owner', async () => {
        const day = 24 * 60 * minute
        const count = (ownerId: number, since = start, most = 100) =>
          storage.tokens.refreshesOf({ clientId: app.clientId, ownerId, since, most })
        const [, refresh] = await signIn()
        expect(await count(ada.id)).toEqual([])
        let spent = refresh
        for (const now of [start + minute, start + 2 * minute, start + day]) {
          const pair = [mint('token'), mint('token')] as const
          expect(await rotate(spent, pair, { now })).toMatchObject({ _tag: 'Rotated' })
          spent = pair[1]
        }
        expect(await count(ada.id)).toEqual([
          { day: start, refreshes: 2 },
          { day: start + day, refreshes: 1 },
        ])
        expect(await count(ada.id, start + day)).toEqual([{ day: start + day, refreshes: 1 }])
        expect((await count(ada.id, start, 1)).map(({ refreshes }) => refreshes)).toEqual([1])
        expect(await count(bob.id)).toEqual([])
      })

      it('sweeping removes what nobody can reach, in bounded batches, and nothing else', async () => {
        const [access, refresh] = await signIn()
        const dead = await signIn()
        await rotate(dead[1])
        await storage.tokens.revoke({ hash: digest(refresh), by: { _tag: 'Person', personId: ada.id }, now: start })
        expect(await storage.upkeep.sweep(start, 100)).toBe(0)
        const gone = await register()
        await storage.apps.delete(gone.clientId, ada.id, start)
        for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(start + 10 * minute, 1)
        expect(await isAlive(access)).toBe(true)
        expect(await rotate(dead[1], undefined, { now: start + 10 * minute })).toEqual({ _tag: 'Reused' })
        const [left] = await signIn()
        await storage.grants.revoke(bob.id, app.clientId, start)
        const endLeft = { hash: digest(left), by: { _tag: 'Person', personId: bob.id }, now: start } as const
        expect(await storage.tokens.revoke(endLeft)).toEqual({ _tag: 'Revoked' })
        for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(start, 100)
        expect(await storage.tokens.revoke(endLeft)).toEqual({ _tag: 'NotFound' })
        await signIn()
        const aYear = start + 365 * 24 * 60 * minute
        for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(aYear, 100)
        expect(await rotate(refresh, undefined, { now: start })).toEqual({ _tag: 'Unknown' })
        expect(await storage.grants.find(bob.id, app.clientId)).not.toBeNull()
      })

      it('wiping leaves an empty storage that works', async () => {
        await storage.upkeep.wipe()
        expect(await storage.people.byUsername('ada')).toBeNull()
        expect(await storage.apps.find(app.clientId)).toBeNull()
        await storage.upkeep.ping()
        expect((await person('ada')).username).toBe('ada')
      })
    })
  })
}
