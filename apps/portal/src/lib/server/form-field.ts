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
