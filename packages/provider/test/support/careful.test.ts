/** That the crash tests can fail, and say why. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { askUntilAnswered, type Patience, whileTroubled } from './careful.ts'

const untilStopped = async (stop: AbortSignal) => {
  while (!stop.aborted) await wait(1)
}

describe('apps under trouble', () => {
  it('end all at once when one of them fails, with its reason', async () => {
    let ended = 0
    const ending = async (stop: AbortSignal) => {
      await untilStopped(stop)
      ended += 1
    }
    const failing = async () => {
      throw new Error('signed out')
    }
    await expect(whileTroubled(ending, (stop) => [ending(stop), failing()])).rejects.toThrow('signed out')
    expect(ended).toBe(2)
  })

  it('end when the trouble is over, and a failure while they end counts', async () => {
    await whileTroubled(
      () => wait(1),
      (stop) => [untilStopped(stop)],
    )
    const failingLate = (stop: AbortSignal) => untilStopped(stop).then(() => Promise.reject(new Error('too late')))
    await expect(
      whileTroubled(
        () => wait(1),
        (stop) => [failingLate(stop)],
      ),
    ).rejects.toThrow('too late')
  })

  it('ask again after no answer and after 503 with Retry-After, and take anything else as the answer', async () => {
    const later = new Response('', { status: 503, headers: { 'retry-after': '2' } })
    const answers = [() => Promise.reject(new Error('reset')), async () => later, async () => new Response('kept')]
    const patience: Patience = { unanswered: 0, later: 0 }
    const { text } = await askUntilAnswered(patience, () => (answers.shift() as () => Promise<Response>)())
    expect([text, patience]).toEqual(['kept', { unanswered: 1, later: 1 }])
    const bare = await askUntilAnswered(patience, async () => new Response('', { status: 503 }))
    expect([bare.response.status, patience.later]).toEqual([503, 1])
  })
})
