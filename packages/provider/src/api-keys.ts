/** A person's own keys. */
import type { Clock } from './clock.ts'
import type { ApiKeys } from './provider.ts'
import type { Storage } from './storage/storage.ts'
import { digest, mint } from './token.ts'

const nameLimit = 100

export const apiKeysOf = ({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }): ApiKeys => ({
  create: async (actor, name) => {
    const trimmed = name.trim()
    if (trimmed === '') return { _tag: 'Invalid', message: 'Give the key a name you will recognise.' }
    if ([...trimmed].length > nameLimit)
      return { _tag: 'Invalid', message: `Keep the name to ${nameLimit} characters.` }
    const key = mint('apiKey')
    const made = { personId: actor.id, name: trimmed, hint: key.slice(-4), hash: digest(key) }
    return { _tag: 'Created', info: await storage.apiKeys.create(made, clock.now()), key }
  },
  list: (actor) => storage.apiKeys.list(actor.id),
  delete: (actor, id) => storage.apiKeys.delete(actor.id, id, clock.now()),
})
