import type { AppDraft } from '@civitai-oauth/provider'
import { scopesOf } from '#lib/permission-choice.ts'
import { text, texts } from './form-field.ts'

/** The posted app form. Nothing is checked here: the provider says what is wrong with it. */
export const readDraft = (form: FormData): AppDraft => {
  const dialect = text(form, 'dialect') === 'quaily' ? 'quaily' : 'civitai'
  return {
    name: text(form, 'name'),
    description: text(form, 'description'),
    redirectUris: text(form, 'redirectUris'),
    scopes:
      dialect === 'quaily'
        ? texts(form, 'box')
        : scopesOf({
            preset: text(form, 'preset'),
            presetWas: text(form, 'presetWas'),
            boxes: texts(form, 'box'),
            scopesWas: text(form, 'scopesWas'),
          }),
    type: text(form, 'type') === 'public' ? 'public' : 'confidential',
    dialect,
  }
}
