/** Civitai's OAuth as one value. Source: Civitai's public OAuth pages. */
import type { Dialect } from '../dialect.ts'
import type { Scope } from '../scope.ts'
import { labelOf } from '../scope-label.ts'
import { civitaiProtocol } from './civitai-protocol.ts'
import { type CivitaiQuirk, quirks } from './civitai-quirks.ts'

export type { CivitaiQuirk } from './civitai-quirks.ts'

export const civitai: Dialect<Scope, CivitaiQuirk> = {
  ...civitaiProtocol,
  scopes: { ...civitaiProtocol.scopes, label: labelOf },
  quirks,
}
