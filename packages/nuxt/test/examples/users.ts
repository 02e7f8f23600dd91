import { defineNitroPlugin } from 'nitropack/runtime'
import type { CivitaiHooks } from '../../src/hooks.ts'

declare const saveUser: CivitaiHooks['civitai:sign-in']

// #hook
// server/plugins/users.ts
export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('civitai:sign-in', (user) => saveUser(user))
})
// #end
