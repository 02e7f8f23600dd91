/** What `civitai-oauth staff` can do with the data of a server. Each answers the lines to print. */
import type { Person, Provider } from '@civitai-oauth/provider'
import { Failure } from '../failure.ts'

type Action = (provider: Provider, name: string | undefined) => Promise<readonly string[]>

const personNamed = async ({ admin }: Provider, name: string | undefined): Promise<Person> => {
  if (name === undefined) throw new Failure('Name the person by username or email address, after the action.')
  const person = await admin.findPerson(name)
  if (person === null) throw new Failure(`There is no account of "${name}" in this data: sign up first, in the portal.`)
  return person
}

const line = ({ username, email }: Person): string => (email === null ? username : `${username}  ${email}`)

const list: Action = async ({ admin }, name) => {
  if (name !== undefined) throw new Failure('"staff list" lists everybody: take the name away.')
  const members = await admin.staff()
  return members.length === 0 ? ['Nobody is staff: "civitai-oauth staff add NAME" changes that.'] : members.map(line)
}

const add: Action = async (provider, name) => {
  const person = await personNamed(provider, name)
  const changed = await provider.admin.setStaff(person, true)
  return [changed ? `${person.username} is staff now, and finds /staff in the portal.` : `${person.username} is staff.`]
}

const remove: Action = async (provider, name) => {
  const person = await personNamed(provider, name)
  const changed = await provider.admin.setStaff(person, false)
  return [changed ? `${person.username} is not staff any more.` : `${person.username} is not staff.`]
}

export const actions: Readonly<Record<string, Action>> = { list, add, remove }
