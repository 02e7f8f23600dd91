/** Who answers what on the emulator's port: the control API, the provider, or the pages. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestListener, ServerResponse } from 'node:http'
import { nodeListener } from '../node.ts'
import { control, controlPath } from './control.ts'
import type { Emulator, Pages } from './emulator.ts'

/** The connection that a request came over, for a fault that cuts it. */
const connection = new AsyncLocalStorage<ServerResponse>()

/** Cuts the connection of the request being answered: its answer never arrives. */
export const dropConnection = (): void => {
  const response = connection.getStore()
  if (response === undefined) throw new Error('The connection was cut, as a fault asked for.')
  response.destroy()
}

const noPages: Pages = (_, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('This server has no pages.\n')
}

const pathOf = (target: string): string => target.split('?', 1)[0] ?? ''

export const listenerOf = (emulator: Emulator, pages: Pages = noPages): RequestListener => {
  const { provider } = emulator
  const wire = nodeListener(provider)
  const controls = nodeListener({ handle: (incoming) => control(emulator, incoming) })
  return (request, response) => {
    const path = pathOf(request.url ?? '/')
    if (path === controlPath || path.startsWith(`${controlPath}/`)) controls(request, response)
    else if (provider.owns(path)) connection.run(response, () => wire(request, response))
    else pages(request, response, provider)
  }
}
