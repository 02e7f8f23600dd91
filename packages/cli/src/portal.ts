/** The portal: the build output of apps/portal, carried in this package's `portal` folder and loaded by path. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pages } from '@civitai-oauth/provider/emulator'
import { Failure } from './failure.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/** Where the portal reads its own origin and the caller's address. Always overwritten, so no visitor's header counts. */
const protocolHeader = 'x-portal-protocol'
const hostHeader = 'x-portal-host'
const addressHeader = 'x-portal-address'

const notFound = (response: ServerResponse): void => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n')
}

/** Loads the portal. `addressOf` knows callers behind a proxy. Throws a `Failure` where it is not built. */
export const loadPortal = async (
  addressOf: (request: IncomingMessage) => string | undefined = () => undefined,
): Promise<Pages> => {
  const file = new URL('../portal/handler.js', import.meta.url)
  if (!existsSync(file))
    throw new Failure('The portal is not built: run "npx -y pnpm@12 build" at the root of the repository.')
  // adapter-node reads these once, when its handler is imported.
  process.env['PROTOCOL_HEADER'] = protocolHeader
  process.env['HOST_HEADER'] = hostHeader
  process.env['ADDRESS_HEADER'] = addressHeader
  const { handler } = (await import(file.href)) as { handler: Handler }
  return (request, response, provider) => {
    const { protocol, host } = new URL(provider.issuer)
    request.headers[protocolHeader] = protocol.slice(0, -1)
    request.headers[hostHeader] = host
    request.headers[addressHeader] = addressOf(request) ?? request.socket.remoteAddress ?? ''
    handler(Object.assign(request, { provider }), response, () => notFound(response))
  }
}
