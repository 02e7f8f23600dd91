/** An owner asks to be verified. Staff answer: see `staff.ts`. */
import type { Clock } from './clock.ts'
import type { Person } from './provider.ts'
import type { Storage } from './storage/storage.ts'

export const askForVerification = async (
  { storage, clock }: { readonly storage: Storage; readonly clock: Clock },
  actor: Person,
  clientId: string,
  request: { readonly note: string; readonly links: readonly string[] },
): ReturnType<Storage['verification']['ask']> => {
  const links = request.links
    .map((link) => link.trim())
    .filter((link) => /^https?:\/\//.test(link) && link.length <= 2000)
  return storage.verification.ask(
    clientId,
    actor.id,
    { note: request.note.trim().slice(0, 2000), links: links.slice(0, 10) },
    clock.now(),
  )
}
