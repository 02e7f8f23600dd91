/** From the claims of userinfo to a person, as an app keeps them: absent stays absent, and nothing is kept twice. */
import type { User } from '@civitai-oauth/core/session'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** `undefined` for claims that name nobody. OpenID Connect Core section 5.1, and what each dialect adds. */
export const userOf = (claims: unknown): User | undefined => {
  if (typeof claims !== 'object' || claims === null) return
  const claim = (name: string): unknown => (claims as Record<string, unknown>)[name]
  const id = text(claim('sub'))
  if (id === undefined) return
  const name = text(claim('name'))
  const username = text(claim('preferred_username')) ?? text(claim('username')) ?? name ?? id
  const picture = text(claim('picture')) ?? text(claim('image'))
  const email = text(claim('email'))
  return {
    id,
    username,
    ...(name !== undefined && name !== username && { name }),
    ...(picture !== undefined && { picture }),
    ...(email !== undefined && { email, emailVerified: claim('email_verified') === true }),
  }
}
