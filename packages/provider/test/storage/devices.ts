import { expect } from 'vitest'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { type Given, start, minute, all, tally } from './given.ts'

const [codeHash, userCodeHash] = [digest('device'), digest('user code')]

const deviceOf = ({ storage, app }: Given) => ({
  begin: () =>
    storage.devices.begin({
      clientId: app.clientId,
      requested: all,
      codeHash,
      userCodeHash,
      expiresAt: start + 15 * minute,
      interval: 5,
    }),
  poll: (now: number, clientId = app.clientId) => storage.devices.poll(codeHash, clientId, now),
})

export const devices: Contract = (it) => {
  it('wait, are told to slow down, and run out', async (given) => {
    const { storage } = given
    const { begin, poll } = deviceOf(given)
    await begin()
    expect(await poll(start)).toEqual({ _tag: 'Waiting' })
    expect(await poll(start + 4_999)).toEqual({ _tag: 'TooSoon' })
    expect(await poll(start + 14_998)).toEqual({ _tag: 'TooSoon' })
    expect(await poll(start + 29_998)).toEqual({ _tag: 'Waiting' })
    expect(await poll(start, 'another')).toEqual({ _tag: 'Unknown' })
    expect(await poll(start + 15 * minute)).toEqual({ _tag: 'Expired' })
    expect(await storage.devices.find(userCodeHash, start + 15 * minute)).toBeNull()
  })

  it('get their code when the person agrees, redeemed once like any other', async (given) => {
    const { storage, app, keepRequest, approval, redeem, racing } = given
    const { begin, poll } = deviceOf(given)
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

  it('C3 have one answer, though their code was typed into two pages', async (given) => {
    const { storage, other, bob, session, keepRequest, approval } = given
    const { begin, poll } = deviceOf(given)
    await begin()
    const [first, second, third] = [
      await keepRequest({ device: codeHash }),
      await keepRequest({ device: codeHash }),
      await keepRequest({ device: codeHash }),
    ]
    const answers = await Promise.all([
      storage.consents.recordConsent(approval(first)),
      (other ?? storage).consents.recordConsent(approval(second)),
    ])
    expect(tally(answers)).toEqual({ Recorded: 1, Gone: 1 })
    const no = { requestHash: third, sessionHash: session, personId: bob.id, now: start }
    expect(await storage.consents.recordDenial(no)).toEqual({ _tag: 'Gone' })
    expect(await poll(start)).toEqual({ _tag: 'Approved' })
  })

  it('hear it when the person does not', async (given) => {
    const { storage, bob, session, keepRequest } = given
    const { begin, poll } = deviceOf(given)
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
}
