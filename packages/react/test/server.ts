/** The app's own server, as far as the store asks it; the browser's other windows to the world stand still. */
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { vi } from 'vitest'

export const ada: BrowserSession = {
  status: 'signed-in',
  user: { id: '1', username: 'ada' },
  scopes: ['UserRead'],
  expiresAt: 1_800_000_000_000,
}

export interface Server {
  session: BrowserSession
  readonly asked: string[]
}

/** Answers `GET /oauth/session` and `POST /oauth/sign-out` until `vi.unstubAllGlobals()`. */
export const startServer = (session: BrowserSession = { status: 'signed-out' }): Server => {
  const server: Server = { session, asked: [] }
  vi.stubGlobal('fetch', async (path: string, { method = 'GET' }: RequestInit = {}) => {
    server.asked.push(`${method} ${path}`)
    if (method === 'POST') server.session = { status: 'signed-out' }
    return Response.json(server.session)
  })
  return server
}
