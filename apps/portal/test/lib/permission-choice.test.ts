import { PermissionGrid, Preset, Scope } from '@civitai-oauth/core'
import { describe, expect, it } from 'vitest'
import { scopesOf } from '../../src/lib/permission-choice.ts'

const boxesOf = (scopes: readonly string[]) =>
  scopes.filter((scope) => (PermissionGrid.boxes as readonly string[]).includes(scope))
const wire = (scopes: readonly string[]) => Scope.format(Scope.setOf(scopes))

describe('what a posted app form asks for', () => {
  it('is the profile alone when nothing is ticked', () => {
    expect(scopesOf({ preset: 'Custom', presetWas: 'Custom', boxes: [], scopesWas: '1' })).toEqual(['UserRead'])
  })

  it.each(Preset.presets.map((preset) => preset.name))('is the preset %s when that was newly chosen', (preset) => {
    const choice = { preset, presetWas: 'Custom', boxes: ['UserRead'], scopesWas: '1' }
    expect(scopesOf(choice)).toEqual(Preset.scopesOf(preset))
  })

  it('is the boxes when a box was changed and the preset could not follow', () => {
    const ai = Preset.scopesOf('AI Services')
    const choice = { preset: 'AI Services', presetWas: 'AI Services', scopesWas: wire(ai) }
    expect(scopesOf({ ...choice, boxes: ['AIServicesRead', 'BuzzRead'] })).toEqual([
      'UserRead',
      'AIServicesRead',
      'BuzzRead',
    ])
  })

  it('keeps Full Access whole when nothing was touched, and drops what has no box when something was', () => {
    const full = Preset.scopesOf('Full Access')
    const choice = { preset: 'Full Access', presetWas: 'Full Access', scopesWas: wire(full) }
    expect(scopesOf({ ...choice, boxes: boxesOf(full) })).toEqual(full)
    const without = boxesOf(full).filter((box) => box !== 'ModelsDelete')
    const edited = scopesOf({ ...choice, boxes: without })
    expect(edited).not.toContain('ModelsDelete')
    expect(edited).not.toContain('SocialTip')
  })

  it('takes no permission that has no box, whatever is posted', () => {
    const choice = { preset: 'Custom', presetWas: 'Custom', scopesWas: '1' }
    expect(scopesOf({ ...choice, boxes: ['SocialTip', 'LinkConnect', 'Bit40', 'nonsense'] })).toEqual(['UserRead'])
    expect(scopesOf({ ...choice, boxes: ['ModelsRead'], scopesWas: 'nonsense' })).toEqual(['UserRead', 'ModelsRead'])
  })
})
