/** Answers. Every one forbids caching, sniffing and referrers, unless it says otherwise. */
import type { Outgoing } from './exchange.ts'
import { errorPage } from './page.ts'
import { describe, type Refusal, rows } from './refusal.ts'

const always = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer']
const jsonHeaders = [...always, 'content-type', 'application/json']

/** Any site's page may read the answer; cookies never come with it. */
export const anyOrigin = ['access-control-allow-origin', '*']
/** The same for a refusal, whose headers say when to come back and what is missing. */
export const anyOriginRefused = [...anyOrigin, 'access-control-expose-headers', 'retry-after, www-authenticate']

export const json = (status: number, value: unknown, headers: readonly string[] = []): Outgoing => ({
  status,
  headers: headers.length === 0 ? jsonHeaders : [...jsonHeaders, ...headers],
  body: JSON.stringify(value),
})

export const redirect = (location: string, headers: readonly string[] = []): Outgoing => ({
  status: 302,
  headers: [...always, 'location', location, ...headers],
  body: '',
})

export const html = (status: number, page: { readonly body: string; readonly policy: string }): Outgoing => ({
  status,
  headers: [
    ...always,
    'content-type',
    'text/html; charset=utf-8',
    'content-security-policy',
    page.policy,
    'x-frame-options',
    'DENY',
  ],
  body: page.body,
})

/** An OAuth error as JSON: RFC 6749 section 5.2. */
export const jsonRefusal = (refused: Refusal): Outgoing => {
  const { status, error } = rows[refused._tag]
  return json(status, { error, error_description: describe(refused) }, refused.headers)
}

/** Where no other caller can be meant: a browser asks for text/html by name, and programs do not. */
export const prefersPage = (accept: string | null): boolean => accept !== null && accept.includes('text/html')

/** A page for a person that says what to mend, JSON for everything else. */
export const shownRefusal = (refused: Refusal, accept: string | null): Outgoing => {
  if (!prefersPage(accept)) return jsonRefusal(refused)
  const { status, headers, body } = html(rows[refused._tag].status, errorPage(refused))
  return { status, headers: [...headers, ...(refused.headers ?? [])], body }
}

/** A protected resource's error: RFC 6750 section 3. */
export const bearerRefusal = (refused: Refusal): Outgoing => {
  const { status, error } = rows[refused._tag]
  if (status !== 401 && status !== 403) return jsonRefusal(refused)
  const description = describe(refused)
  const challenge = `Bearer error="${error}", error_description="${description.replaceAll(/[^ !#-[\]-~]/g, '')}"`
  return json(status, { error, error_description: refused.because ?? description }, [
    'www-authenticate',
    challenge,
    ...(refused.headers ?? []),
  ])
}
