/** Which observed quirks of Civitai are on. Changes count from the next request. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import * as CoreProfile from '@civitai-oauth/core/profile'

export type QuirkName = keyof typeof civitai.quirks

export interface Profiles {
  has(quirk: QuirkName): boolean
  /** All that are on, as core's rules take them. */
  readonly quirks: ReadonlySet<string>
  /** In the form that `set` reads. */
  current(): string
  set(text: string): { readonly _tag: 'Set' } | { readonly _tag: 'Refused'; readonly reason: string }
}

export const profilesOf = (): Profiles => {
  let profile = CoreProfile.profileOf<QuirkName>('documented', civitai)
  return {
    has: (quirk) => profile.quirks.has(quirk),
    get quirks() {
      return profile.quirks
    },
    current: () => CoreProfile.format(profile, civitai),
    set: (text) => {
      const parsed = CoreProfile.parse<QuirkName>(text, civitai)
      if (parsed._tag === 'Refused') return parsed
      profile = parsed.profile
      return { _tag: 'Set' }
    },
  }
}
