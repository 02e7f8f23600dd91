import { shownText } from '@civitai-oauth/core/shown-text'

const plain = (text: string): string => shownText(text).normalize('NFC').trim()

/**
 * True when what was typed names the app: its name as the page shows it, or its client ID, for names that no keyboard
 * can type. Outer spaces and the two ways Unicode writes an accent make no difference; everything else does.
 */
export const confirms = (typed: string, app: { readonly name: string; readonly clientId: string }): boolean => {
  return plain(typed) === plain(app.name) || plain(typed) === app.clientId
}
