import { join, resolve } from 'node:path'

/** The repository's root folder. */
export const root = resolve(import.meta.dirname, '../../..')

/** The built command line, as it is published. */
export const commandLine = join(root, 'packages/cli/bin/civitai-oauth.js')
