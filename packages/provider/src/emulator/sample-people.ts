/** The people of an emulator: one who registers apps, one who uses them, one of the staff. One click signs them in. */
import type { Admin } from '../provider.ts'

type SamplePerson = Parameters<Admin['createPerson']>[0] & { readonly email: string; readonly staff: boolean }

const person = (number: number, username: string, staff: boolean): SamplePerson => ({
  uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  username,
  email: `${username}@example.com`,
  emailVerified: true,
  staff,
  sample: true,
})

export const samplePeople: readonly SamplePerson[] = [
  person(1, 'ada', false),
  person(2, 'ben', false),
  person(3, 'mod', true),
]

/** Who owns the demo apps. */
export const sampleOwner = 'ada'
