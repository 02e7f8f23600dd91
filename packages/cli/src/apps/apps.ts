/** `civitai-oauth apps`: the apps in a data folder, for whoever runs the server. Secrets are printed once, when made. */
import { placeOf, withData } from '../data.ts'
import { Failure } from '../failure.ts'
import { parseWithWords } from '../options.ts'
import { actions } from './actions.ts'
import { appsOptions } from './options.ts'

export const apps = async (args: readonly string[]): Promise<void> => {
  const { values, words } = parseWithWords('apps', appsOptions, args)
  const [name = 'list', clientId, ...more] = words
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined)
    throw new Failure(`There is no action "${name}": choose one of ${Object.keys(actions).join(', ')}.`)
  if (more.length > 0) throw new Failure(`One app at a time: "${more.join(' ')}" is too much.`)
  const place = placeOf(values.data, process.env['DATABASE_URL']) ?? { _tag: 'Folder', folder: '.civitai' }
  const lines = await withData(place, (provider) => action(provider, values, clientId))
  console.log(lines.join('\n'))
}
