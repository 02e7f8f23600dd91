import type { Pool } from 'pg'

declare const pool: Pool

// #store
import { createCivitaiAuth } from '@civitai-oauth/client'
import { postgresStore } from '@civitai-oauth/client/store/postgres'

const auth = createCivitaiAuth({ store: postgresStore(pool), scopes: ['UserRead', 'AIServicesWrite'] })

/** A job that runs long after its request. */
export const makePicture = async (userId: string, body: string) => {
  const person = await auth.forUser(userId)
  return person.spend('/v2/consumer/workflows', { method: 'POST', body })
}
// #end
