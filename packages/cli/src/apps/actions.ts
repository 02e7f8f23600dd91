/** What `civitai-oauth apps` can do with the data of a server. Each answers the lines to print. */
import * as Preset from '@civitai-oauth/core/preset'
import * as Scope from '@civitai-oauth/core/scope'
import type { Person, Provider } from '@civitai-oauth/provider'
import { Failure } from '../failure.ts'
import type { Values } from '../options.ts'
import type { appsOptions } from './options.ts'

type Given = Values<typeof appsOptions>
type Action = (provider: Provider, given: Given, clientId: string | undefined) => Promise<readonly string[]>

const ownerOf = async (provider: Provider, { owner }: Given): Promise<Person> => {
  if (owner === undefined) throw new Failure('Say whose apps: --owner USERNAME.')
  const person = await provider.admin.findPerson(owner)
  if (person === null) throw new Failure(`There is no person named "${owner}" in this data.`)
  return person
}

const idOf = (clientId: string | undefined): string => {
  if (clientId === undefined) throw new Failure('Name the app by its client id, after the action.')
  return clientId
}

const list: Action = async (provider, given) => {
  const owner = await ownerOf(provider, given)
  const lines: string[] = []
  let after: string | undefined
  do {
    const page = await provider.apps.list(owner, { limit: 100, ...(after === undefined ? {} : { after }) })
    for (const app of page.apps) {
      const marks = [app.type, ...(app.verified ? ['verified'] : [])].join(', ')
      lines.push(`${app.clientId}  ${app.name} (${marks}; ${app.people} people, ${app.liveTokens} live tokens)`)
    }
    after = page.next ?? undefined
  } while (after !== undefined)
  return lines.length === 0 ? [`${owner.username} has no apps.`] : lines
}

const scopesOf = ({ scopes, preset }: Given): readonly string[] => {
  if ((scopes === undefined) === (preset === undefined)) throw new Failure('Give either --scopes or --preset.')
  const named = Preset.presets.find(({ name }) => name.toLowerCase() === preset?.toLowerCase())?.scopes
  const found = scopes === undefined ? named : Scope.parseNames(scopes)
  if (found !== undefined) return found
  throw new Failure(
    scopes === undefined
      ? `There is no preset "${preset}": choose one of ${Preset.presets.map(({ name }) => name).join(', ')}.`
      : 'One of --scopes is no scope: run "civitai-oauth scopes" for the list.',
  )
}

const create: Action = async (provider, given) => {
  const owner = await ownerOf(provider, given)
  const registered = await provider.apps.register(owner, {
    name: given.name ?? '',
    description: given.description ?? '',
    redirectUris: (given['redirect-uri'] ?? []).join('\n'),
    scopes: scopesOf(given),
    type: given.public ? 'public' : 'confidential',
    dialect: 'civitai',
  })
  if (registered._tag === 'Invalid')
    throw new Failure(
      registered.problems.map(({ line, message }) => (line ? `${line}: ${message}` : message)).join(' '),
    )
  const { app, secret } = registered
  return [`CIVITAI_CLIENT_ID=${app.clientId}`, ...(secret === null ? [] : [`CIVITAI_CLIENT_SECRET=${secret}`])]
}

const unknownApp = (clientId: string): Failure => new Failure(`There is no such app: ${clientId}.`)

const rotate: Action = async (provider, given, named) => {
  const owner = await ownerOf(provider, given)
  const clientId = idOf(named)
  const rotated = await provider.apps.rotateSecret(owner, clientId)
  if (rotated._tag === 'NotFound') throw unknownApp(clientId)
  if (rotated._tag === 'Conflict') throw new Failure('Somebody else just rotated this secret. Nothing was changed now.')
  if (rotated._tag === 'NotConfidential') throw new Failure('A public app has no secret to rotate.')
  return rotated.secret === null
    ? ['The secret that was prepared before is the current one now.']
    : [`CIVITAI_CLIENT_SECRET=${rotated.secret}`]
}

const verify: Action = async (provider, _, named) => {
  const clientId = idOf(named)
  const app = await provider.admin.markApp(clientId, { verified: true })
  if (app === null) throw unknownApp(clientId)
  return [`${app.name} is verified.`]
}

export const actions: Readonly<Record<string, Action>> = { list, create, rotate, verify }
