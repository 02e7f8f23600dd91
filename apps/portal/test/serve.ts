/**
 * Serves the built portal over a provider in memory, the way the command line does: OAuth paths go to the provider,
 * pages to SvelteKit with the provider on the request. `pnpm dev` runs it by itself on port 4110.
 */
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Provider, createProvider } from '@civitai-oauth/provider'
import { nodeListener } from '@civitai-oauth/provider/node'
import { sqlite } from '@civitai-oauth/provider/sqlite'

// Both headers are overwritten below from the issuer, so that what a browser sends as `Host` changes nothing.
process.env.PROTOCOL_HEADER = 'x-portal-protocol'
process.env.HOST_HEADER = 'x-portal-host'

type Pages = (...args: [...Parameters<RequestListener>, next: () => void]) => void

export interface Served {
  readonly origin: string
  readonly provider: Provider
  close(): Promise<void>
}

export const serve = async ({ port = 0, samples = true } = {}): Promise<Served> => {
  const built = new URL('../build/handler.js', import.meta.url).href
  const { handler: pages } = (await import(built)) as { handler: Pages }

  let answer: RequestListener = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const origin = `http://${host}`

  const provider = await createProvider({ issuer: origin, storage: sqlite({ memory: true }), samples, limits: 'off' })
  for (const username of ['ada', 'ben', 'mod'])
    await provider.admin.createPerson({
      username,
      email: `${username}@example.com`,
      emailVerified: true,
      staff: username === 'mod',
      sample: samples,
    })

  const oauth = nodeListener(provider)
  answer = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin)
    if (provider.owns(pathname)) return oauth(request, response)
    request.headers['x-portal-protocol'] = 'http'
    request.headers['x-portal-host'] = host
    request.provider = provider
    pages(request, response, () => response.writeHead(404).end())
  }

  const close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
    await provider.close()
  }
  return { origin, provider, close }
}

if (import.meta.main) {
  const { origin } = await serve({ port: Number(process.env.PORT ?? 4110) })
  console.log(`Portal with sample people, in memory: ${origin}`)
}
