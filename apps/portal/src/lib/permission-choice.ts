/**
 * What a posted app form asks for. A preset and a grid of boxes can disagree when there is no JavaScript to keep them in
 * step, so the form also says what it showed when it was rendered.
 */
import { PermissionGrid, Preset, Scope } from '@civitai-oauth/core'

export interface PermissionChoice {
  /** The preset's name, or `Custom`. */
  readonly preset: string
  /** What the drop-down said when the form was rendered. */
  readonly presetWas: string
  /** The ticked boxes. */
  readonly boxes: readonly string[]
  /** The whole set when the form was rendered, in wire form. */
  readonly scopesWas: string
}

const withBoxes = (scopes: Iterable<string>): Scope.Scope[] =>
  Scope.setOf([...scopes].filter((scope) => (PermissionGrid.boxes as readonly string[]).includes(scope)))

/**
 * A newly chosen preset wins; otherwise the boxes do. Boxes left as they were keep the permissions that have no box
 * (SocialTip, of Full Access); any change to them drops those.
 */
export const scopesOf = (choice: PermissionChoice): Scope.Scope[] => {
  const chosen = Preset.presets.find((preset) => preset.name === choice.preset)
  if (chosen && choice.preset !== choice.presetWas) return [...chosen.scopes]
  const was = Scope.parse(choice.scopesWas) ?? []
  const boxes = Scope.setOf([Scope.baseline, ...withBoxes(choice.boxes)])
  return Scope.format(boxes) === Scope.format(withBoxes(was)) ? was : boxes
}
