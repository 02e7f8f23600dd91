/** `civitai-oauth staff`: who may verify and trust apps, for whoever runs the server. Counts at their next request. */
import { placeOf, withData } from '../data.ts'
import { Failure } from '../failure.ts'
import { parseWithWords } from '../options.ts'
import { actions } from './actions.ts'
import { staffOptions } from './options.ts'

export const staff = async (args: readonly string[]): Promise<void> => {
  const { values, words } = parseWithWords('staff', staffOptions, args)
  const [name = 'list', person, ...more] = words
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined)
    throw new Failure(`There is no action "${name}": choose one of ${Object.keys(actions).join(', ')}.`)
  if (more.length > 0) throw new Failure(`One person at a time: "${more.join(' ')}" is too much.`)
  const place = placeOf(values.data, process.env['DATABASE_URL']) ?? { _tag: 'Folder', folder: '.civitai' }
  const lines = await withData(place, (provider) => action(provider, person))
  console.log(lines.join('\n'))
}
