/**
 * Signing a person in from a terminal: the client's own handler on a loopback address, for as long as the browser is
 * away (RFC 8252 section 7.3). Nothing is kept: the session's key exists in this process only.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type User, createCivitaiAuth } from '@civitai-oauth/client'
import type { ScopeName } from '@civitai-oauth/core/scope'
import { listenLocally } from '@civitai-oauth/provider/node'
import { Failure } from '../failure.ts'

export interface LocalSignIn {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly ScopeName[]
  readonly port: number
  /** Where the person goes to sign in. */
  readonly onReady: (address: string) => void
  readonly withinMs: number
}

export interface SignedIn {
  readonly user: User
  readonly scopes: readonly string[]
  readonly accessToken: string
  /** Unix milliseconds. */
  readonly expiresAt: number
}

const requestOf = (request: IncomingMessage, origin: string): Request => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one)
  // Put behind the origin, a target that begins with two slashes names no other host.
  return new Request(new URL(origin + (request.url ?? '/')), { method: request.method ?? 'GET', headers })
}

const send = async (response: ServerResponse, answer: Response): Promise<void> => {
  const headers = [...answer.headers].flat()
  response.writeHead(answer.status, [...headers, 'connection', 'close']).end(await answer.text())
}

const page = (text: string): Response =>
  new Response(`<!doctype html><html lang="en"><title>Signed in</title><p>${text}</p></html>`, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" },
  })

/** Answers the browser; hands over whoever has signed in. */
const handlerOf = (options: LocalSignIn, origin: string, onSignedIn: (signedIn: SignedIn) => void) => {
  const auth = createCivitaiAuth({
    clientId: options.clientId,
    issuer: options.issuer,
    apiOrigin: options.issuer,
    origin,
    scopes: options.scopes,
    sessionSecret: randomBytes(32).toString('base64url'),
    // What stands in the environment of this terminal belongs to another app.
    env: {},
  })
  return async (request: IncomingMessage): Promise<Response> => {
    // A browser that was led here by another name is not the person's own doing.
    if (request.headers.host !== new URL(origin).host || request.method !== 'GET')
      return new Response('Not here.', { status: 403 })
    return auth.handle(requestOf(request, origin), async (session) => {
      if (session.status !== 'signed-in') return Response.redirect(new URL('/oauth/sign-in', origin), 302)
      const { user, scopes, expiresAt } = session
      onSignedIn({ user, scopes, expiresAt, accessToken: await session.accessToken() })
      return page('You are signed in. Close this window and go back to the terminal.')
    })
  }
}

/** Resolves once somebody has signed in; rejects when nobody has in time. @throws {CannotListen} */
export const signInLocally = async (options: LocalSignIn): Promise<SignedIn> => {
  const { promise, resolve, reject } = Promise.withResolvers<SignedIn>()
  let answer: (request: IncomingMessage) => Promise<Response> = async () => new Response('Not yet.', { status: 503 })
  const listening = await listenLocally((request, response) => {
    // What cannot be answered ends its own connection: the person may still be on the way.
    answer(request)
      .then((answered) => send(response, answered))
      .catch(() => response.destroy())
  }, options.port)
  const late = setTimeout(() => {
    reject(new Failure('Nobody signed in: run it again, and follow the address in a browser.'))
  }, options.withinMs)
  try {
    const origin = `http://localhost:${listening.port}`
    answer = handlerOf(options, origin, resolve)
    options.onReady(`${origin}/`)
    return await promise
  } finally {
    clearTimeout(late)
    await listening.close(500)
  }
}
