/** Signing in with an account that is kept elsewhere. */
import * as z from 'zod/mini'
import type { OutsideAccounts, OutsidePerson } from '../provider.ts'
import type { KeepPersonResult } from '../storage/people.ts'
import { type Storage, StorageUnavailable } from '../storage/storage.ts'

/** What whoever keeps the accounts answers. No name holds an at sign: by that an address is told from a name. */
const shape: z.ZodMiniType<OutsidePerson> = z.object({
  uuid: z.uuid(),
  username: z.string().check(z.regex(/^[^\s@\p{Cc}]{1,64}$/u)),
  email: z.nullable(z.string().check(z.maxLength(320), z.regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u))),
  emailVerified: z.boolean(),
  picture: z.nullable(z.url({ protocol: /^https?$/ })),
})

/** Nobody's are longer, and whoever hashes them elsewhere is not given a form's whole length of them to hash. */
const longest = { email: 320, password: 1024 }

/** `null` for wrong credentials. Where the accounts cannot be asked, trying again helps, as with a storage. */
export const signInElsewhere = async (
  accounts: OutsideAccounts,
  { people }: Storage,
  credentials: { readonly email: string; readonly password: string },
  now: number,
): Promise<KeepPersonResult | null> => {
  if (credentials.email.length > longest.email || credentials.password.length > longest.password) return null
  const found = await accounts.signIn(credentials).catch((cause: unknown) => {
    throw new StorageUnavailable(cause)
  })
  return found && people.keep(shape.parse(found), now)
}
