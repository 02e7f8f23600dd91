/**
 * Operations that are not atomic, on purpose: each looks first, decides, and does a moment later what it decided. One
 * caller after another they are right in everything; only callers that overlap can tell. This is what a storage of rows
 * makes of them.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Storage } from '../../src/index.ts'

type Tagged = { readonly _tag: string }

/**
 * `key`: what the callers race for. `won`: the result that only one of them should get. `believe`: what a loser does, who
 * decided before the winner was done: it goes on as decided.
 */
const apart = <In extends readonly unknown[], Out extends Tagged>(
  operate: (...input: In) => Promise<Out>,
  done: Set<string>,
  key: (...input: In) => string,
  won: Out['_tag'],
  believe: (lost: Out, ...input: In) => Out | Promise<Out>,
): ((...input: In) => Promise<Out>) => {
  return async (...input) => {
    const raced = key(...input)
    if (done.has(raced)) return operate(...input)
    await wait(5 + Math.random() * 10)
    const result = await operate(...input)
    if (result._tag !== won) return done.has(raced) ? believe(result, ...input) : result
    done.add(raced)
    return result
  }
}

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')

/** By the operation's name. `done` is shared by all connections to one place. */
export const takenApart: Readonly<Record<string, (storage: Storage, done: Set<string>) => Storage>> = {
  redeemCode: (storage, done) => ({
    ...storage,
    tokens: {
      ...storage.tokens,
      redeemCode: apart(
        storage.tokens.redeemCode,
        done,
        ({ codeHash }) => hex(codeHash),
        'Redeemed',
        () => ({ _tag: 'Redeemed', scopes: 1, personId: 2 }),
      ),
    },
  }),
  rotateRefreshToken: (storage, done) => ({
    ...storage,
    tokens: {
      ...storage.tokens,
      rotateRefreshToken: apart(
        storage.tokens.rotateRefreshToken,
        done,
        ({ refreshHash }) => hex(refreshHash),
        'Rotated',
        () => ({ _tag: 'Rotated', scopes: 1, personId: 2 }),
      ),
    },
  }),
  recordConsent: (storage, done) => ({
    ...storage,
    consents: {
      ...storage.consents,
      recordConsent: apart(
        storage.consents.recordConsent,
        done,
        ({ requestHash }) => hex(requestHash),
        'Recorded',
        () => ({ _tag: 'Recorded' }),
      ),
    },
  }),
  rotateSecret: (storage, done) => ({
    ...storage,
    secrets: {
      ...storage.secrets,
      rotate: apart(
        storage.secrets.rotate,
        done,
        (clientId, _, { current, next }) => `${clientId} ${current} ${next}`,
        'Changed',
        // Over the winner's secret, as an update that names the row alone would.
        (lost, clientId, ownerId, _, hash, now) => {
          if (lost._tag !== 'Conflict') return lost
          const { secret, nextSecret } = lost.app
          const seen = { current: secret?.createdAt ?? null, next: nextSecret?.createdAt ?? null }
          return storage.secrets.rotate(clientId, ownerId, seen, hash, now)
        },
      ),
    },
  }),
  deleteApp: (storage, done) => ({
    ...storage,
    apps: {
      ...storage.apps,
      delete: apart(
        storage.apps.delete,
        done,
        (clientId) => clientId,
        'Deleted',
        () => ({ _tag: 'Deleted', people: 0, tokens: 0 }),
      ),
    },
  }),
}
