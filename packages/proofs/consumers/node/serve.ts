/** Any `export default { fetch }` on node:http, as Deno and Bun serve it by themselves. */
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import handler from './handler.ts'

const port = Number(process.env['PORT'])

createServer(async (incoming, outgoing) => {
  const { method = 'GET', headers, url = '/' } = incoming
  const body = /^(GET|HEAD)$/.test(method) ? {} : { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
  const response = await handler.fetch(
    new Request(`http://localhost:${port}${url}`, { method, headers: given, ...body } as RequestInit),
  )
  outgoing.writeHead(response.status, [...response.headers].flat())
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}).listen(port, 'localhost', () => console.log(`Listening on http://localhost:${port}`))
