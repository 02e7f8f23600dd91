/** Answers of our own routes: JSON for programs, a page for people, and never a word a cache may keep. */
import type { CivitaiAuthError } from './error.ts'
import { words } from './error-words.ts'
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
h1{margin:0 0 .5rem;font-size:1.4rem;line-height:1.25}p{margin:0 0 1.5rem}
nav{display:flex;flex-wrap:wrap;gap:.75rem}a{padding:.6rem 1.1rem;border-radius:.6rem;text-decoration:none;color:inherit;border:1px solid #8886}
a.first{background:#1864ab;border-color:#1864ab;color:#fff}a:focus-visible{outline:3px solid #4dabf7;outline-offset:2px}
code{font-size:.8rem;opacity:.75}`

/** A page a person understands, with a way on. `retry` leads to a new attempt. */
const page = (error: CivitaiAuthError, retry: string): string => {
  const { title, sentence } = words[error._tag]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1><p>${escape(sentence)}</p>
<nav><a class="first" href="${escape(retry)}">Try again</a><a href="/">Go to the start page</a></nav>
<p style="margin:1.5rem 0 0"><code>${error._tag}${error.serverError ? ` · ${escape(error.serverError)}` : ''}</code></p></main></body></html>`
}

/** The error as its reader wants it, with the status it goes with. */
export const errorAnswer = (
  error: CivitaiAuthError,
  request: Request,
  retry: string,
  setCookies: readonly string[] = [],
): Response => {
  const { status, sentence } = words[error._tag]
  const later: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }
  if (!wantsPage(request))
    return json(
      {
        error: error._tag,
        message: sentence,
        signIn: retry,
        ...(error.scopes && { scopes: error.scopes }),
        ...(error.serverError && { serverError: error.serverError }),
      },
      status,
      setCookies,
      later,
    )
  const headers = {
    ...unstored,
    ...later,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  }
  return new Response(page(error, retry), { status, headers: withCookies(headers, setCookies) })
}
