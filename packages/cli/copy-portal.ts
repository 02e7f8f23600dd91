/** A step of this package's build: the portal's build output becomes the `portal` folder that is published. */
import { cpSync, existsSync, rmSync } from 'node:fs'

const from = new URL('../../apps/portal/build', import.meta.url)
const to = new URL('portal', import.meta.url)

if (!existsSync(from)) throw new Error('Build apps/portal first: turbo does, with "npx -y pnpm@12 build".')
rmSync(to, { recursive: true, force: true })
cpSync(from, to, { recursive: true })
