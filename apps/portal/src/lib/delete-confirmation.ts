/**
 * True when what was typed names the app: its name, or its client ID, for names that no keyboard can type. Outer spaces
 * and the two ways Unicode writes an accent make no difference; everything else does.
 */
export const confirms = (typed: string, app: { readonly name: string; readonly clientId: string }): boolean => {
  const plain = typed.normalize('NFC').trim()
  return plain === app.name.normalize('NFC').trim() || plain === app.clientId
}
