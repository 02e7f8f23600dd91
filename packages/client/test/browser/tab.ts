/** A browser tab as far as the store can tell: its address, its events, and a server that answers what it is told to. */
import { vi } from 'vitest'
import { channelsIn } from './channel.ts'

export const openTab = () => {
  const answers: (object | Response | Error)[] = []
  /** What the server answers when nothing else is due. */
  const server: { session?: object } = {}
  const asked: string[] = []
  const went: string[] = []
  const page = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const location = {
    origin: 'https://app.test',
    href: 'https://app.test/gallery?page=2',
    pathname: '/gallery',
    search: '?page=2',
    hash: '',
    assign: (to: string) => void went.push(to),
  }
  vi.stubGlobal('BroadcastChannel', channelsIn(new Set()))
  vi.stubGlobal('document', document)
  vi.stubGlobal('location', location)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? 'GET'} ${input}`)
    const answer = answers.shift() ?? server.session
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error(`Nothing answers ${input}`)
    return answer instanceof Response ? answer : Response.json(answer)
  })
  return {
    answers,
    server,
    asked,
    went,
    wake: () => document.dispatchEvent(new Event('visibilitychange')),
    show: (persisted: boolean) => page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted })),
    /** Everything that was asked has been answered. */
    settled: () => new Promise<void>((done) => setImmediate(() => setImmediate(done))),
  }
}
