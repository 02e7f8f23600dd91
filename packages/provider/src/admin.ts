/** Operations for seeds, operators and the emulator. */
import { randomUUID } from 'node:crypto'
import { type AccountServices, beginSession } from './accounts/accounts.ts'
import { hashPassword } from './accounts/password.ts'
import { appOf, registerApp } from './apps.ts'
import type { Admin } from './provider.ts'

export const adminOf = (services: AccountServices): Admin => {
  const { storage, clock, cookie } = services
  return {
    createPerson: async (person) => {
      const created = await storage.people.create(
        {
          uuid: person.uuid ?? randomUUID(),
          username: person.username,
          email: person.email ?? null,
          emailVerified: person.emailVerified ?? false,
          picture: person.picture ?? null,
          staff: person.staff ?? false,
          sample: person.sample ?? false,
          password: person.password === undefined ? null : await hashPassword(person.password),
        },
        clock.now(),
      )
      if (created._tag === 'Created') {
        const begins = [
          ['yellow', person.buzz ?? (person.sample ? 10_000 : 0)],
          ['credit', person.credits ?? (person.sample ? 1_000 : 0)],
        ] as const
        for (const [currency, amount] of begins)
          if (amount > 0) await storage.wallet.credit(created.person.id, currency, amount, 'To begin with', clock.now())
      }
      return created
    },
    // No username holds an at sign, and every address does.
    findPerson: async (name) => {
      const account = await (name.includes('@') ? storage.people.byEmail(name) : storage.people.byUsername(name))
      return account?.person ?? null
    },
    setStaff: (person, staff) => storage.people.setStaff(person.id, staff, clock.now()),
    staff: () => storage.people.staff(),
    registerApp: (owner, draft, settled) => registerApp(services, owner, draft, settled),
    findApp: async (clientId) => {
      const kept = await storage.apps.find(clientId)
      return kept && appOf(kept)
    },
    markApp: async (clientId, flags, actor) => {
      const kept = await storage.apps.mark(clientId, flags, actor?.id ?? null, clock.now())
      return kept && appOf(kept)
    },
    beginSession: async (person) => ({ name: cookie.name, value: await beginSession(services, person, null) }),
    credit: (person, amount, currency = 'yellow') =>
      storage.wallet.credit(person.id, currency, amount, 'Credited', clock.now()),
    reset: () => storage.upkeep.wipe(),
  }
}
