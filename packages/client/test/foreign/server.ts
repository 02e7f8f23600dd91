/** A server that is not ours, running: what an app and its person need of it. */
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface App {
  readonly clientId: string
  /** None: a public app. */
  readonly clientSecret: string | undefined
  readonly redirectUri: string
}

export interface Foreign {
  readonly issuer: string
  /** What the person sends from a page of the server's own. */
  readonly answerPage: (page: string) => RequestInit | undefined
  /** Token requests so far, by grant. */
  readonly tokenRequests: readonly string[]
  close(): Promise<void>
}

export const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

/** Listens on a free port; the listener is made when the address is known. */
export const listen = async (make: (issuer: string) => RequestListener) => {
  let listener: RequestListener | undefined
  const server = createServer((request, response) => listener?.(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  listener = make(issuer)
  return {
    issuer,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => void server.close(() => done()))
    },
  }
}
