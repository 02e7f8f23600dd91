/**
 * Redirect URIs: what may be registered, and what matches.
 *
 * Source: the seed "Registering an OAuth app"; RFC 9700 section 2.1. The two leniencies are observed quirks.
 */
import type { CivitaiQuirk } from './dialects/civitai-quirks.ts'

/** A URI that passed the registration rules. Only `parse` makes one. */
export type RedirectUri = string & { readonly RedirectUri: unique symbol }

/** The quirks that change a rule in this file. None, unless a profile switches them on. */
export type RedirectUriQuirk = Extract<CivitaiQuirk, 'http-allowed' | 'loopback-any-port'>
export type Quirks = ReadonlySet<string>
const none: Quirks = new Set<RedirectUriQuirk>()
const has = (quirks: Quirks, quirk: RedirectUriQuirk): boolean => quirks.has(quirk)

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
  TooLong: 'Keep the URI to 2,000 characters.',
  HasSpaces: 'Remove the spaces and control characters.',
  NotAbsolute: 'Write the whole address, starting with https://.',
  SchemeNotAllowed: 'Use https://. Other schemes are not accepted.',
  NeedsHttps: 'Use https://. Plain http:// is accepted for localhost only (that name, not 127.0.0.1).',
  HasFragment: 'Remove the # and what follows it.',
  HasUserinfo: 'Remove the user name and password before the @.',
  HasWildcard: 'List each address: wildcards are not accepted.',
  NotNormalised: 'Write the address as browsers send it:',
}

export const lengthLimit = 2000

export type Parsed =
  | { readonly _tag: 'RedirectUri'; readonly uri: RedirectUri }
  | { readonly _tag: 'Refused'; readonly line: string; readonly refusal: Refusal; readonly reason: string }

/** One rule: true when it refuses. Rules are asked in order, and the first that refuses gives the reason. */
type Rule = readonly [Refusal, (text: string, url: URL, quirks: Quirks) => boolean]

const rulesOfAddress: readonly Rule[] = [
  ['SchemeNotAllowed', (_, url) => url.protocol !== 'https:' && url.protocol !== 'http:'],
  [
    'NeedsHttps',
    (_, url, quirks) => url.protocol === 'http:' && url.hostname !== 'localhost' && !has(quirks, 'http-allowed'),
  ],
  ['HasFragment', (text) => text.includes('#')],
  // An empty user name (`https://@host`) leaves no trace in the parsed URL.
  ['HasUserinfo', (text) => /^[^/]*\/\/[^/?]*@/.test(text)],
  ['HasWildcard', (text) => text.includes('*')],
  // `https://a.example` and `https://a.example/` are both what a person may have registered; anything else that the
  // URL parser would rewrite (case of the host, default port, dot segments, backslashes) could never match by character.
  ['NotNormalised', (text, url) => url.href !== text && url.href !== `${text}/`],
]

/** Reads one line of the form. The only maker of a `RedirectUri`. */
export const parse = (line: string, quirks: Quirks = none): Parsed => {
  const text = line.trim()
  const refuse = (refusal: Refusal, more = ''): Parsed => ({
    _tag: 'Refused',
    line,
    refusal,
    reason: reasons[refusal] + more,
  })
  if (text === '') return refuse('Empty')
  if (text.length > lengthLimit) return refuse('TooLong')
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return refuse('HasSpaces')
  if (!URL.canParse(text)) return refuse('NotAbsolute')
  const url = new URL(text)
  const broken = rulesOfAddress.find(([, refuses]) => refuses(text, url, quirks))
  if (broken) return refuse(broken[0], broken[0] === 'NotNormalised' ? ` ${url.href}` : '')
  return { _tag: 'RedirectUri', uri: text as RedirectUri }
}

/** Reads the form's field: one URI a line, blank lines and repeats passed over. */
export const parseLines = (text: string, quirks: Quirks = none): readonly Parsed[] => {
  const lines = [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter((line) => line !== '')
  return (lines.length === 0 ? [''] : lines).map((line) => parse(line, quirks))
}

/** A loopback URI without its port; `undefined` for any other. Compared by character, like everything here. */
const withoutLoopbackPort = (uri: string): string | undefined => {
  const [, origin, port = '0', rest = ''] =
    /^(https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?((?:[/?].*)?)$/s.exec(uri) ?? []
  return origin && Number(port) < 65_536 ? origin + rest : undefined
}

/**
 * True only for a character-for-character match, as the registration page promises. With the quirk `loopback-any-port`
 * a loopback host matches on any port, and still nothing but the port may differ.
 */
export const matches = (registered: Iterable<string>, requested: string, quirks: Quirks = none): boolean => {
  const loose = has(quirks, 'loopback-any-port') ? withoutLoopbackPort(requested) : undefined
  for (const uri of registered)
    if (uri === requested || (loose !== undefined && withoutLoopbackPort(uri) === loose)) return true
  return false
}
