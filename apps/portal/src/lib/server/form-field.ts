import { error } from '@sveltejs/kit'

/** The posted form. A body that cannot be read as one is its sender's fault. */
export const formOf = ({ request }: { readonly request: Request }): Promise<FormData> =>
  request.formData().catch(() => error(400, { message: 'This form cannot be read. Go back, and send it again.' }))

/** A text field of a posted form; absent ones and files are empty. */
export const text = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** All text fields of a posted form in their order; none where it is no form. */
export const fieldsOf = async (request: Request): Promise<(readonly [name: string, value: string])[]> => {
  const form = await request.formData().catch(() => new FormData())
  return [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
}

/** Every value of a repeated field, such as a group of boxes. */
export const texts = (form: FormData, name: string): string[] =>
  form.getAll(name).filter((value) => typeof value === 'string')

/** A whole number that a page of ours wrote into its form; `-1`, which nothing has, for anything else. */
export const number = (form: FormData, name: string): number => {
  const written = text(form, name)
  return /^\d{1,9}$/.test(written) ? Number(written) : -1
}
