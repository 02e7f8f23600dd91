/** Notes in the log what a handler was asked and what it answered. */
import { type Incoming, type Outgoing, splitTarget } from '../http/exchange.ts'
import type { Clock } from '../clock.ts'
import { cleaned, type Log, redact } from './log.ts'

type Handle = (incoming: Incoming) => Promise<Outgoing>

const headerOf = (headers: readonly string[], name: string): string =>
  headers.find((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name) ?? ''

const errorIn = ({ headers, body }: Outgoing): string | undefined => {
  if (!headerOf(headers, 'content-type').includes('json')) return
  try {
    const { error } = JSON.parse(body) as { error?: unknown }
    return typeof error === 'string' ? error : undefined
  } catch {
    return undefined
  }
}

export const recorded =
  (handle: Handle, log: Log, clock: Clock): Handle =>
  async (incoming) => {
    let form = ''
    const { path, query } = splitTarget(incoming.target)
    const answer = await handle({
      method: incoming.method,
      target: incoming.target,
      address: incoming.address,
      header: (name) => incoming.header(name),
      text: async () => {
        const text = await incoming.text()
        if (incoming.header('content-type')?.startsWith('application/x-www-form-urlencoded')) form = text
        return text
      },
    })
    const error = errorIn(answer)
    log.add({
      at: clock.now(),
      method: incoming.method,
      path: cleaned(path),
      parameters: redact([...new URLSearchParams(query), ...new URLSearchParams(form)]),
      status: answer.status,
      ...(error === undefined ? {} : { error }),
    })
    return answer
  }
