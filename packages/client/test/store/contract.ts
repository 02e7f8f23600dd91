/** What every store promises, whatever it stands on. */
import { describe, expect, it } from 'vitest'
import type { SessionStore } from '../../src/store/store.ts'
import { until } from '../until.ts'

const soon = () => Date.now() + 60_000
let ids = 0
const fresh = () => `id-${Date.now()}-${++ids}`

export const storeContract = (name: string, open: () => Promise<SessionStore> | SessionStore): void => {
  void describe(name, () => {
    it('gives back what was saved, and the last of it', async () => {
      const [store, id] = [await open(), fresh()]
      expect(await store.load(id)).toBeUndefined()
      await store.save(id, { value: 'one', userId: 'ada', expiresAt: soon() })
      await store.save(id, { value: 'two é"\n', userId: 'ada', expiresAt: soon() })
      expect(await store.load(id)).toBe('two é"\n')
    })

    it('never gives back what has run out or was deleted', async () => {
      const [store, old, gone] = [await open(), fresh(), fresh()]
      await store.save(old, { value: 'x', userId: 'ada', expiresAt: Date.now() - 1 })
      await store.save(gone, { value: 'x', userId: 'ada', expiresAt: soon() })
      await store.delete(gone)
      await store.delete(gone)
      expect([await store.load(old), await store.load(gone)]).toEqual([undefined, undefined])
    })

    it('finds the sessions of one person and nobody else’s', async () => {
      const [store, person, other] = [await open(), fresh(), fresh()]
      const [one, two, old, theirs] = [fresh(), fresh(), fresh(), fresh()]
      await store.save(one, { value: 'x', userId: person, expiresAt: soon() })
      await store.save(two, { value: 'x', userId: person, expiresAt: soon() })
      await store.save(old, { value: 'x', userId: person, expiresAt: Date.now() - 1 })
      await store.save(theirs, { value: 'x', userId: other, expiresAt: soon() })
      expect([...(await store.ofUser(person))].toSorted()).toEqual([one, two].toSorted())
      await store.delete(two)
      expect(await store.ofUser(person)).toEqual([one])
    })

    it('takes names that are hostile', async () => {
      const store = await open()
      const person = `'; drop table users; -- : * ${fresh()}`
      const id = fresh()
      await store.save(id, { value: 'x', userId: person, expiresAt: soon() })
      expect(await store.ofUser(person)).toEqual([id])
    })

    it('leases to one of fifty who ask at once', async () => {
      const [store, id] = [await open(), fresh()]
      const got = await Promise.all(
        Array.from({ length: 50 }, (_, holder) => store.lease(id, `holder-${holder}`, 60_000)),
      )
      expect(got.filter(Boolean)).toHaveLength(1)
    })

    it('leases again to its holder, to the next once it is released, and never through somebody else’s release', async () => {
      const [store, id] = [await open(), fresh()]
      expect(await store.lease(id, 'one', 60_000)).toBe(true)
      expect(await store.lease(id, 'one', 60_000)).toBe(true)
      await store.release(id, 'two')
      expect(await store.lease(id, 'two', 60_000)).toBe(false)
      await store.release(id, 'one')
      expect(await store.lease(id, 'two', 60_000)).toBe(true)
    })

    it('leases again once the time of a holder who never came back is over', async () => {
      const [store, id] = [await open(), fresh()]
      expect(await store.lease(id, 'one', 1)).toBe(true)
      await until(() => store.lease(id, 'two', 60_000))
      expect(await store.lease(id, 'one', 60_000)).toBe(false)
    })
  })
}
