/** Answers of our own routes: JSON for programs, a page for people, and never a word a cache may keep. */
import { type AnyAuthError, errorTable } from '@civitai-oauth/core'
import { leaveAloneMs } from '@civitai-oauth/core/retry'
import { type ClientErrorTag, statusOf } from './error.ts'
import { wantsPage } from './navigation.ts'

const unstored = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }

const withCookies = (headers: HeadersInit, setCookies: readonly string[]): Headers => {
  const all = new Headers(headers)
  for (const value of setCookies) all.append('set-cookie', value)
  return all
}

export const redirect = (location: string, setCookies: readonly string[] = []): Response =>
  new Response(null, { status: 303, headers: withCookies({ ...unstored, location }, setCookies) })

export const json = (
  body: unknown,
  status = 200,
  setCookies: readonly string[] = [],
  headers: HeadersInit = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: withCookies(
      { ...unstored, ...Object.fromEntries(new Headers(headers)), 'content-type': 'application/json' },
      setCookies,
    ),
  })

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f6f7f9,#15171c);color:light-dark(#1a1d23,#e8eaee)}
main{max-width:30rem;margin:1.5rem;padding:2rem;border-radius:1rem;background:light-dark(#fff,#1e2128);box-shadow:0 1px 3px #0003}
h1{margin:0 0 1.25rem;font-size:1.4rem;line-height:1.25}p{margin:.5rem 0 0}details{margin-top:1.5rem}summary{cursor:pointer}details,summary{opacity:.85;font-size:.9rem}
nav,form{display:flex;flex-wrap:wrap;gap:.75rem}a,button{padding:.6rem 1.1rem;border-radius:.6rem;font:inherit;text-decoration:none;color:inherit;border:1px solid #8886;cursor:pointer}
.first{background:#1864ab;border-color:#1864ab;color:#fff}:is(a,button):focus-visible{outline:3px solid #4dabf7;outline-offset:2px}
code{font-size:.8rem;opacity:.75}`

/** The server's own code, spelled as RFC 6749 spells codes; anything else stays off the page. */
const serverCode = (error: AnyAuthError): string | undefined => {
  const { detail } = error
  const code = detail !== undefined && 'error' in detail ? detail.error : undefined
  return code !== undefined && /^[\w.-]{1,60}$/.test(code) ? code : undefined
}

const document = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body></html>`

const html = (text: string, status: number, headers: Headers): Response => {
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.set(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  )
  return new Response(text, { status, headers })
}

/** A page a person understands, with a way on. `retry` leads to a new attempt. */
const page = (error: AnyAuthError, retry: string): string => {
  const { sentence, cause, fix } = errorTable[error._tag]
  const code = [error.code, serverCode(error)].filter((one) => one !== undefined).join(' · ')
  return document(
    sentence,
    `<nav><a class="first" href="${escape(retry)}">Try again</a><a href="/">Go to the start page</a></nav>
<details><summary>What happened</summary><p>${escape(cause)}</p><p>${escape(fix)}</p><p><code>${escape(code)}</code></p></details>`,
  )
}

/**
 * For a person who followed a link to sign out: a link changes nothing, so here is the button. `action`: a path of ours.
 * The button's request has to say where it comes from, which `no-referrer` would hide.
 */
export const signOutPage = (action: string): Response =>
  html(
    document(
      'Do you want to sign out?',
      `<form method="post" action="${escape(action)}"><button class="first">Sign out</button><a href="/">Stay signed in</a></form>`,
    ),
    405,
    withCookies({ ...unstored, 'referrer-policy': 'same-origin', allow: 'POST' }, []),
  )

const retryAfter = (error: AnyAuthError, now: number): Record<string, string> => {
  if (error._tag !== 'ServerUnavailable' && error._tag !== 'StoreUnavailable') return {}
  const ms = error._tag === 'ServerUnavailable' ? error.detail.until - now : leaveAloneMs
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) }
}

/** What went wrong, by the answer that says so: for spans, which read no bodies. */
const tags = new WeakMap<Response, AnyAuthError['_tag']>()
export const errorTagOf = (answer: Response): AnyAuthError['_tag'] | undefined => tags.get(answer)

/** The error as its reader wants it, with the status it goes with. */
export const errorAnswer = (
  error: AnyAuthError,
  request: Request,
  retry: string,
  setCookies: readonly string[] = [],
  now = Date.now(),
): Response => {
  const status = statusOf[error._tag as ClientErrorTag] ?? 500
  const later = retryAfter(error, now)
  const marked = (answer: Response) => {
    tags.set(answer, error._tag)
    return answer
  }
  if (!wantsPage(request)) {
    const scopes = error._tag === 'ScopesMissing' ? { scopes: error.detail.missing } : {}
    const server = serverCode(error)
    const body = { error: error.code, message: errorTable[error._tag].sentence, signIn: retry, ...scopes }
    return marked(json(server === undefined ? body : { ...body, serverError: server }, status, setCookies, later))
  }
  return marked(html(page(error, retry), status, withCookies({ ...unstored, ...later }, setCookies)))
}
