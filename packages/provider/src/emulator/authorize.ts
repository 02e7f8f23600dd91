/** Answers an authorize URL as a person at a browser would: sign in, read the consent page, press a button. */
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { Person, Provider } from '../provider.ts'

export interface AuthorizeInput {
  /** The authorize URL that the app sent the browser to. */
  readonly url: string
  readonly approve: boolean
  readonly remember: boolean
  /** A list of budgets, `[]` or `null` to take the limit away; absent to leave what stands. */
  readonly buzzLimit?: unknown
}

export type AuthorizeResult =
  /** Where the browser is sent: the app's redirect URI, with a code or with an error. */
  | { readonly _tag: 'Sent'; readonly location: string }
  /** No redirect: the server showed an error. `answer` is what it said. */
  | { readonly _tag: 'Refused'; readonly status: number; readonly error: string; readonly answer?: string }

const refused = (status: number, error: string): AuthorizeResult => ({ _tag: 'Refused', status, error })
const sent = (location: string): AuthorizeResult => ({ _tag: 'Sent', location })

const ask = (
  provider: Provider,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<Outgoing> => {
  const incoming: Incoming = {
    method,
    target,
    address: '127.0.0.1',
    header: (name) => headers[name] ?? null,
    text: async () => body,
  }
  return provider.handle(incoming)
}

const locationOf = ({ headers }: Outgoing): string | undefined =>
  headers.find((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'location')

/** The consent page's request id, when a redirect leads there. */
const pendingIn = (provider: Provider, location: string): string | undefined => {
  const url = new URL(location, provider.issuer)
  return url.origin === provider.issuer ? (url.searchParams.get('request') ?? undefined) : undefined
}

const unexpected = ({ status, body }: Outgoing): AuthorizeResult => ({
  _tag: 'Refused',
  status: status >= 400 ? status : 502,
  error: 'The server refused the authorization request.',
  answer: body,
})

export const answerAuthorize = async (
  provider: Provider,
  person: Person,
  input: AuthorizeInput,
): Promise<AuthorizeResult> => {
  if (!URL.canParse(input.url, provider.issuer)) return refused(400, 'url: not an address.')
  const url = new URL(input.url, provider.issuer)
  if (url.origin !== provider.issuer) return refused(400, `url: not an address of ${provider.issuer}.`)
  const session = await provider.admin.beginSession(person)
  const cookie = `${session.name}=${session.value}`
  try {
    const asked = await ask(provider, 'GET', url.pathname + url.search, { cookie, accept: 'application/json' })
    const first = locationOf(asked)
    if (first === undefined) return unexpected(asked)
    const request = pendingIn(provider, first)
    if (request === undefined) return sent(first)
    const found = await provider.consent(request, cookie)
    if (found._tag === 'Gone') return refused(502, 'The consent request was gone before it could be answered.')
    const form = new URLSearchParams({
      request,
      approved: String(input.approve),
      remember: String(input.remember),
      ...(input.buzzLimit === undefined ? {} : { buzz_limit: JSON.stringify(input.buzzLimit ?? []) }),
    })
    const headers = {
      cookie,
      origin: provider.issuer,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    }
    const answered = await ask(provider, 'POST', found.view.action, headers, form.toString())
    const location = locationOf(answered)
    return location === undefined ? unexpected(answered) : sent(location)
  } finally {
    await provider.accounts.signOut(cookie)
  }
}
