/**
 * A small authorization server and API for tests, reached through `fetch` without a network. It keeps to Civitai's wire
 * contract, counts what it is sent, and fails on demand: the next token calls answer with whatever `faults` lists.
 */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { s256 } from '@civitai-oauth/core/pkce'

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** Does the work and loses the answer. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'malformed' }
  /** Does the work, and answers when told. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** Answers with these members instead. */
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly body: Record<string, unknown>
      readonly headers?: Record<string, string>
    }

interface Code {
  readonly challenge: string
  readonly redirectUri: string
  readonly scope: string
}

export const issuer = 'https://auth.test'
export const apiOrigin = 'https://api.test'
export const clientId = 'app-1'
export const clientSecret = 'secret-1'

export class FakeServer {
  readonly codes = new Map<string, Code>()
  readonly refreshTokens = new Map<
    string,
    { readonly scope: string; spent: boolean; replay?: Record<string, unknown> }
  >()
  readonly accessTokens = new Map<string, { readonly scope: string }>()
  readonly faults: Fault[] = []
  /** Every token request, by its `refresh_token` or `code`. */
  readonly asked: string[] = []
  readonly revoked: string[] = []
  /** False: says that it took a token back, and does nothing (as observed). */
  revokes = true
  /** Revocations are answered after this. */
  revocation: Promise<unknown> = Promise.resolve()
  /** Every API call: its address, and the `authorization` header or null. */
  readonly calls: { readonly url: string; readonly authorization: string | null }[] = []
  /** Answers for addresses other than the server's own. */
  readonly elsewhere = new Map<string, (request: Request) => Response>()
  /** What userinfo answers with instead. */
  busy: number | undefined
  clientId = clientId
  /** `null`: a public app, which sends none. */
  secrets: (string | null)[] = [clientSecret]
  /** A spent refresh token gets the same answer again (documented), or is refused (observed). */
  replays = true
  extra: Record<string, unknown> = {}
  /** Members of token answers that differ from the contract. */
  scopeOnWire: (scope: string) => unknown = (scope) => scope
  sendsIssuer = true
  user: Record<string, unknown> = {
    sub: '7',
    username: 'ada',
    preferred_username: 'ada',
    name: 'ada',
    email: 'ada@example.test',
    email_verified: true,
  }
  #serial = 0

  /** The person approves: where the server sends the browser back to. */
  approve(
    authorizeUrl: string,
    answer: { readonly error?: string; readonly granted?: readonly string[] } = {},
  ): string {
    const query = new URL(authorizeUrl).searchParams
    const back = new URL(query.get('redirect_uri') as string)
    back.searchParams.set('state', query.get('state') as string)
    if (this.sendsIssuer) back.searchParams.set('iss', issuer)
    if (answer.error !== undefined) {
      back.searchParams.set('error', answer.error)
      return back.href
    }
    const code = `code-${++this.#serial}`
    this.codes.set(code, {
      challenge: query.get('code_challenge') as string,
      redirectUri: query.get('redirect_uri') as string,
      scope:
        answer.granted === undefined
          ? (query.get('scope') as string)
          : civitai.scopes.format(civitai.scopes.setOf(answer.granted)),
    })
    back.searchParams.set('code', code)
    return back.href
  }

  /** Removes the app under Connected Apps: every token is dead. */
  end(): void {
    this.refreshTokens.clear()
    this.accessTokens.clear()
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const other = this.elsewhere.get(url.href)
    if (other !== undefined) {
      this.calls.push({ url: url.href, authorization: request.headers.get('authorization') })
      return other(request)
    }
    if (url.origin === apiOrigin) return this.#api(request, url)
    if (url.origin !== issuer) throw new TypeError(`Nothing listens at ${url.origin}`)
    if (url.pathname === civitai.endpoints.token) return this.#token(request)
    if (url.pathname === civitai.endpoints.revoke) return this.#revoke(request)
    if (url.pathname === civitai.endpoints.userinfo) return this.#userinfo(request)
    if (url.pathname === '/.well-known/openid-configuration')
      return Response.json({
        issuer,
        ...(this.sendsIssuer && { authorization_response_iss_parameter_supported: true }),
      })
    return Response.json({ error: 'not_found' }, { status: 404 })
  }

  #mint(scope: string): Record<string, unknown> {
    const serial = ++this.#serial
    const access = `access-${serial}`
    const refresh = `refresh-${serial}`
    this.accessTokens.set(access, { scope })
    this.refreshTokens.set(refresh, { scope, spent: false })
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: refresh,
      scope: this.scopeOnWire(scope),
      ...this.extra,
    }
  }

  async #token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text())
    this.asked.push(form.get('refresh_token') ?? form.get('code') ?? (form.get('grant_type') as string))
    const fault = this.faults.shift()
    if (fault?.kind === 'status') return new Response('busy', { status: fault.status, headers: fault.headers ?? {} })
    if (fault?.kind === 'malformed')
      return new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } })
    if (fault?.kind === 'answer')
      return Response.json(fault.body, { status: fault.status ?? 200, headers: fault.headers ?? {} })
    const answer = await this.#grant(form)
    if (fault?.kind === 'held') await fault.until
    if (fault?.kind === 'lost') throw new TypeError('fetch failed')
    return answer
  }

  async #grant(form: URLSearchParams): Promise<Response> {
    const refuse = (error: string, status = 400) => Response.json({ error }, { status })
    if (form.get('client_id') !== this.clientId || !this.secrets.includes(form.get('client_secret')))
      return new Response(JSON.stringify({ error: 'invalid_client' }), {
        status: 401,
        headers: { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="oauth"' },
      })
    if (form.get('grant_type') === 'authorization_code') {
      const code = this.codes.get(form.get('code') as string)
      this.codes.delete(form.get('code') as string)
      if (code === undefined || code.redirectUri !== form.get('redirect_uri')) return refuse('invalid_grant')
      if (code.challenge !== (await s256(form.get('code_verifier') as string))) return refuse('invalid_grant')
      return Response.json(this.#mint(code.scope))
    }
    if (form.get('grant_type') === 'client_credentials') {
      const { refresh_token: _, ...answer } = this.#mint(form.get('scope') ?? '1')
      return Response.json(answer)
    }
    const token = this.refreshTokens.get(form.get('refresh_token') as string)
    if (token === undefined) return refuse('invalid_grant')
    if (token.spent) return this.replays && token.replay ? Response.json(token.replay) : refuse('invalid_grant')
    token.spent = true
    token.replay = this.#mint(token.scope)
    return Response.json(token.replay)
  }

  async #revoke(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text())
    if (!this.secrets.includes(form.get('client_secret')))
      return Response.json({ error: 'invalid_client' }, { status: 401 })
    this.revoked.push(form.get('token') as string)
    await this.revocation
    if (this.revokes) this.refreshTokens.delete(form.get('token') as string)
    return Response.json({})
  }

  #holder(request: Request) {
    return this.accessTokens.get((request.headers.get('authorization') ?? '').replace('Bearer ', ''))
  }

  #userinfo(request: Request): Response {
    if (this.busy !== undefined) return Response.json({ error: 'temporarily_unavailable' }, { status: this.busy })
    return this.#holder(request) === undefined
      ? Response.json({ error: 'invalid_token' }, { status: 401 })
      : Response.json(this.user)
  }

  #api(request: Request, url: URL): Response {
    this.calls.push({ url: url.href, authorization: request.headers.get('authorization') })
    const holder = this.#holder(request)
    if (holder === undefined) return Response.json({ error: 'invalid_token' }, { status: 401 })
    const needed = url.searchParams.get('needs')
    const held = civitai.scopes.parse(holder.scope) ?? []
    if (needed !== null && !(held as readonly string[]).includes(needed))
      return Response.json(
        { error: 'insufficient_scope', error_description: `Token does not have ${needed} scope` },
        { status: 403 },
      )
    return Response.json({ username: this.user['username'] })
  }
}
