import { type Session, isAuthError } from '@civitai-oauth/sveltekit'

/** What the API said, as text to show: an answer, or why there is none. */
export interface Answer {
  readonly ok: boolean
  readonly text: string
}

export const askForMe = async (session: Session): Promise<Answer> => {
  try {
    const response = await session.fetch('/api/v1/me')
    return {
      ok: response.ok,
      text: response.ok ? JSON.stringify(await response.json(), null, 2) : `The API answered ${response.status}.`,
    }
  } catch (error) {
    // A busy server signs nobody out: the page says so and goes on.
    if (isAuthError(error))
      return { ok: false, text: 'Civitai is busy just now. Nothing is lost: load the page again in a moment.' }
    return { ok: false, text: 'The API does not answer just now.' }
  }
}
