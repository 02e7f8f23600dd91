/** Switching observed quirks on and off. */
export interface ProfileSwitch {
  /** As `set` reads it: `documented`, `observed,-redirect-303`. */
  current(): string
  /** Counts from the next request. */
  set(profile: string): { readonly _tag: 'Set' } | { readonly _tag: 'Refused'; readonly reason: string }
}
