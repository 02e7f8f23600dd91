/**
 * Redirect URIs: what may be registered, and what matches.
 *
 * Source: the seed "Registering an OAuth app"; RFC 9700 section 2.1.
 */

/** A URI that passed the registration rules. Only `parse` makes one. */
export type RedirectUri = string & { readonly RedirectUri: unique symbol }

export type Refusal =
  | 'Empty'
  | 'TooLong'
  | 'HasSpaces'
  | 'NotAbsolute'
  | 'SchemeNotAllowed'
  | 'NeedsHttps'
  | 'HasFragment'
  | 'HasUserinfo'
  | 'HasWildcard'
  | 'NotNormalised'

/** What the form says beside the line. */
export const reasons: Record<Refusal, string> = {
  Empty: 'Add at least one redirect URI.',
  TooLong: 'Keep the URI under 2,000 characters.',
  HasSpaces: 'Remove the spaces and control characters.',
  NotAbsolute: 'Write the whole address, starting with https://.',
  SchemeNotAllowed: 'Use https://. Other schemes are not accepted.',
  NeedsHttps: 'Use https://. Plain http:// is accepted for localhost only (that name, not 127.0.0.1).',
  HasFragment: 'Remove the # and what follows it.',
  HasUserinfo: 'Remove the user name and password before the @.',
  HasWildcard: 'List each address: wildcards are not accepted.',
  NotNormalised: 'Write the address as browsers send it:',
}

export type Parsed =
  | { readonly _tag: 'RedirectUri'; readonly uri: RedirectUri }
  | { readonly _tag: 'Refused'; readonly line: string; readonly refusal: Refusal; readonly reason: string }

const refuse = (line: string, refusal: Refusal, more = ''): Parsed => ({
  _tag: 'Refused',
  line,
  refusal,
  reason: reasons[refusal] + more,
})

/** Reads one line of the form. The only maker of a `RedirectUri`. */
export const parse = (line: string): Parsed => {
  const text = line.trim()
  if (text === '') return refuse(line, 'Empty')
  if (text.length > 2000) return refuse(line, 'TooLong')
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return refuse(line, 'HasSpaces')
  if (!URL.canParse(text)) return refuse(line, 'NotAbsolute')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse(line, 'SchemeNotAllowed')
  if (url.protocol === 'http:' && url.hostname !== 'localhost') return refuse(line, 'NeedsHttps')
  if (text.includes('#')) return refuse(line, 'HasFragment')
  if (url.username || url.password || /^[^/]*\/\/[^/?]*@/.test(text)) return refuse(line, 'HasUserinfo')
  if (url.hostname.includes('*') || text.includes('*')) return refuse(line, 'HasWildcard')
  // `https://a.example` and `https://a.example/` are both what a person may have registered; anything else that the
  // URL parser would rewrite (case of the host, default port, dot segments, backslashes) could never match by character.
  if (url.href !== text && url.href !== `${text}/`) return refuse(line, 'NotNormalised', ` ${url.href}`)
  return { _tag: 'RedirectUri', uri: text as RedirectUri }
}

/** Reads the form's field: one URI a line, blank lines and repeats passed over. */
export const parseLines = (text: string): readonly Parsed[] => {
  const lines = [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter((line) => line !== '')
  return lines.length === 0 ? [parse('')] : lines.map(parse)
}

/** True only for a character-for-character match, as the registration page promises. */
export const matches = (registered: Iterable<string>, requested: string): boolean => {
  for (const uri of registered) if (uri === requested) return true
  return false
}
