/** Somebody with an account. */
/** A person with an account here. `id` is Civitai's numeric user id; `uuid` is Quaily's global one. */
export interface Person {
  readonly id: number
  readonly uuid: string
  readonly username: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly picture: string | null
  readonly staff: boolean
}
