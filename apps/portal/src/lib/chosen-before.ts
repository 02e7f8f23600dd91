/**
 * What a person chose in an app form before its scripts came. Typed text stays by itself when Svelte takes the page over;
 * a drop-down, a box or a radio button would be set back to what the page was rendered with.
 */
import { scopesOf } from './permission-choice.ts'

export interface Chosen {
  readonly scopes: readonly string[]
  readonly type: string
}

/** Read while the rendered page still stands; `undefined` where there is none. `held` are scopes without a box to tick. */
export const chosenBefore = (held: readonly string[]): Chosen | undefined => {
  const field = globalThis.document?.querySelector<HTMLInputElement>('form input[name="dialect"]')
  if (!field?.form) return
  const form = new FormData(field.form)
  const text = (name: string) => String(form.get(name) ?? '')
  const boxes = form.getAll('box').map(String)
  const scopes = form.has('preset')
    ? scopesOf({ preset: text('preset'), presetWas: text('presetWas'), boxes, scopesWas: text('scopesWas') })
    : [...held, ...boxes]
  return { scopes, type: text('type') }
}
