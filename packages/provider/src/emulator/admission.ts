/**
 * Who may use the control API: programs on this machine. A web page may not, even when a name of its own has been made
 * to point here (DNS rebinding), even from another port of this machine.
 */

export type Admission =
  | { readonly _tag: 'Admitted' }
  | { readonly _tag: 'Refused'; readonly status: 403 | 415; readonly error: string }

const refused = (status: 403 | 415, error: string): Admission => ({ _tag: 'Refused', status, error })

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** `header` answers `undefined` or `null` for a header that was not sent. */
export const admit = (
  method: string,
  header: (name: string) => string | undefined | null,
  issuer: string,
): Admission => {
  if (!loopback.test(header('host') ?? ''))
    return refused(403, 'The control API answers only at localhost, 127.0.0.1 or [::1].')
  const origin = header('origin')
  if (origin !== undefined && origin !== null && origin !== issuer)
    return refused(403, `The control API is not for pages of ${origin === 'null' ? 'another origin' : origin}.`)
  const site = header('sec-fetch-site')
  if (site !== undefined && site !== null && site !== 'same-origin' && site !== 'none')
    return refused(403, 'The control API is not for pages of another origin.')
  if (method !== 'GET' && !/^application\/json *(;|$)/i.test(header('content-type') ?? ''))
    return refused(415, 'Send JSON, with content-type: application/json.')
  return { _tag: 'Admitted' }
}
