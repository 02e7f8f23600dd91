import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = ({ locals }) => {
  const person = locals.session?.person
  return {
    person: person ? { username: person.username, staff: person.staff } : null,
    issuer: locals.provider.issuer,
  }
}
