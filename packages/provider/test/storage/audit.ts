import { expect } from 'vitest'
import type { Contract } from './contract.ts'
import { start } from './given.ts'

export const audit: Contract = (it) => {
  it('O3 outlives the app, for its owner, newest first, in pages', async ({ storage, ada, bob, app, signIn }) => {
    await signIn()
    await storage.apps.delete(app.clientId, ada.id, start)
    const page = (before: number | null, limit: number) => storage.audit.ofApp(app.clientId, ada.id, { before, limit })
    const events = await page(null, 10)
    expect(events.map(({ kind }) => kind)).toEqual(['app-deleted', 'signed-in', 'granted', 'app-registered'])
    expect((await page(events[1]?.id as number, 1)).map(({ kind }) => kind)).toEqual(['granted'])
    expect(await storage.audit.ofApp(app.clientId, bob.id, { before: null, limit: 10 })).toEqual([])
    const own = await storage.audit.ofPerson(bob.id, { before: null, limit: 10 })
    expect(own.map(({ kind }) => kind)).toEqual(['signed-in', 'granted'])
  })
}
