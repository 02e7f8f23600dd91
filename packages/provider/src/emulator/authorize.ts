/** Answers an authorize URL as a person at a browser would: sign in, read the consent page, press a button. */
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { Person, Provider } from '../provider.ts'

export interface AuthorizeInput {
  /** The authorize URL that the app sent the browser to, or the address that a device showed, with its code. */
  readonly url: string
  readonly approve: boolean
  readonly remember: boolean
  /** A list of budgets, `[]` or `null` to take the limit away; absent to leave what stands. */
  readonly buzzLimit?: unknown
}

export type AuthorizeResult =
  /** Where the browser is sent: the app's redirect URI, with a code or with an error. */
  | { readonly _tag: 'Sent'; readonly location: string }
  /** A device's code: nobody is sent anywhere, and the device is told when it asks. */
  | { readonly _tag: 'Told' }
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

/** Where a redirect within this server leads a browser on its way to consent. */
type Stop =
  | { readonly _tag: 'Consent'; readonly request: string }
  /** To sign in first, or afresh, and come back. */
  | { readonly _tag: 'SignIn'; readonly target: string }
  /** The legacy host's way here. */
  | { readonly _tag: 'Moved'; readonly target: string }
  /** An app, or a page that stands for one. */
  | { readonly _tag: 'Elsewhere' }

const stopAt = (provider: Provider, { status }: Outgoing, location: string): Stop => {
  const { origin, pathname, search, searchParams } = new URL(location, provider.issuer)
  if (origin !== provider.issuer) return { _tag: 'Elsewhere' }
  const [request, returnUrl] = [searchParams.get('request'), searchParams.get('returnUrl')]
  if (pathname === '/oauth/consent' && request !== null) return { _tag: 'Consent', request }
  if (pathname === '/login' && returnUrl !== null) return { _tag: 'SignIn', target: returnUrl }
  return status === 308 ? { _tag: 'Moved', target: pathname + search } : { _tag: 'Elsewhere' }
}

/** More than any request takes. */
const mostHops = 4

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
  const signIn = async (): Promise<string> => {
    const { name, value } = await provider.admin.beginSession(person)
    return `${name}=${value}`
  }
  let cookie = await signIn()
  try {
    let target = url.pathname + url.search
    let request: string | undefined
    for (let hop = 0; request === undefined; hop++) {
      const asked = await ask(provider, 'GET', target, { cookie, accept: 'application/json' })
      const location = locationOf(asked)
      if (location === undefined || hop === mostHops) return unexpected(asked)
      const stop = stopAt(provider, asked, location)
      if (stop._tag === 'Elsewhere') return sent(location)
      if (stop._tag === 'Consent') request = stop.request
      else target = stop.target
      if (stop._tag !== 'SignIn') continue
      await provider.accounts.signOut(cookie)
      cookie = await signIn()
    }
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
    if (location !== undefined) return sent(location)
    return answered.status === 200 ? { _tag: 'Told' } : unexpected(answered)
  } finally {
    await provider.accounts.signOut(cookie)
  }
}
