/** What a new account must look like. */
export interface AccountDraft {
  readonly email: string
  readonly username: string
  readonly password: string
}

export interface AccountProblem {
  readonly field: keyof AccountDraft
  readonly message: string
}

const length = (text: string) => [...text].length

/** Every rule and its sentence, in the form's order; a field's first broken rule is the one shown. */
const rules: readonly (AccountProblem & { readonly broken: (draft: AccountDraft) => boolean })[] = [
  {
    field: 'email',
    message: 'Write an e-mail address, like name@example.com.',
    broken: ({ email }) => email.length > 320 || !/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u.test(email),
  },
  {
    field: 'username',
    message: 'Use 3 to 32 letters, digits or underscores.',
    broken: ({ username }) => !/^\w{3,32}$/.test(username),
  },
  { field: 'password', message: 'Use at least 10 characters.', broken: ({ password }) => length(password) < 10 },
  { field: 'password', message: 'Use at most 256 characters.', broken: ({ password }) => password.length > 256 },
  {
    field: 'password',
    message: 'Do not use your name or address as the password.',
    broken: ({ email, username, password }) =>
      [email.toLowerCase(), username.toLowerCase()].includes(password.toLowerCase()),
  },
]

export const problemsOf = (draft: AccountDraft): readonly AccountProblem[] => {
  const problems = new Map<string, AccountProblem>()
  for (const { field, message, broken } of rules)
    if (!problems.has(field) && broken(draft)) problems.set(field, { field, message })
  return [...problems.values()]
}
