/** What an owner writes to staff: who they are and what the app does, and where to look. */
import { RedirectUri } from '@civitai-oauth/core'

const noteLimit = 2000
const linkLimit = 10

interface VerificationRequest {
  readonly note: string
  readonly links: readonly string[]
}

export type CheckedRequest =
  | { readonly _tag: 'Valid'; readonly request: VerificationRequest }
  | { readonly _tag: 'Invalid'; readonly problems: { readonly note?: string; readonly links?: string } }

const problemWithNote = (note: string): string | undefined => {
  if (note === '') return 'Say who you are and what your app does.'
  return [...note].length > noteLimit ? `Keep it to ${noteLimit.toLocaleString('en-GB')} characters.` : undefined
}

/** `links` as typed, one a line: whole https addresses, since staff will open them. */
export const checkRequest = (typed: { readonly note: string; readonly links: string }): CheckedRequest => {
  const note = typed.note.trim()
  const lines = [...new Set(typed.links.split(/\r?\n/).map((line) => line.trim()))].filter((line) => line !== '')
  const links = lines.map((line) => RedirectUri.parse(line))
  const wrong = links.find((link) => link._tag === 'Refused')
  const wrongNote = problemWithNote(note)
  const wrongLinks = wrong
    ? `${wrong.line}: ${wrong.reason}`
    : lines.length > linkLimit
      ? `Give ${linkLimit} links at the most.`
      : undefined
  if (wrongNote !== undefined || wrongLinks !== undefined)
    return {
      _tag: 'Invalid',
      problems: { ...(wrongNote ? { note: wrongNote } : {}), ...(wrongLinks ? { links: wrongLinks } : {}) },
    }
  return { _tag: 'Valid', request: { note, links: lines } }
}
