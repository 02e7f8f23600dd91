/** What the API said, as text to show: an answer, or why there is none. */
export interface Answer {
  readonly ok: boolean
  readonly text: string
}

export default defineEventHandler(async (event): Promise<Answer> => {
  // Nobody signed in gets no further: a program gets 401, a person goes to sign in.
  const session = requireCivitaiUser(event)
  try {
    // Carries the person's token; it is renewed by itself when it runs out.
    const response = await session.fetch('/api/v1/me')
    return {
      ok: response.ok,
      text: response.ok ? JSON.stringify(await response.json(), null, 2) : `The API answered ${response.status}.`,
    }
  } catch {
    // A busy server signs nobody out: the page says so and goes on.
    return { ok: false, text: 'The API does not answer just now.' }
  }
})
