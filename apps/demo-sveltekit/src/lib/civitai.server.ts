import { type Session, isAuthError } from '@civitai-oauth/sveltekit'

/** What the API said, as text to show: an answer, or why there is none. */
export interface Answer {
  readonly ok: boolean
  readonly text: string
}

const busy: Answer = { ok: false, text: 'Civitai is busy just now. Nothing is lost: load the page again in a moment.' }

export const askForMe = async (session: Session): Promise<Answer> => {
  try {
    const response = await session.fetch('/api/v1/me')
    if (!response.ok) return { ok: false, text: `The API answered ${response.status}.` }
    return { ok: true, text: JSON.stringify(await response.json(), null, 2) }
  } catch (error) {
    // A busy server signs nobody out: the page says so and goes on.
    if (isAuthError(error)) return busy
    return { ok: false, text: 'The API does not answer just now.' }
  }
}

/** The spendable balance; `undefined` while the API does not say. */
export const askForBuzz = async (session: Session): Promise<number | undefined> => {
  try {
    const response = await session.fetch('/api/trpc/buzz.getBuzzAccount')
    const { result } = (await response.json()) as { result: { data: { json: { yellow: number } } } }
    return result.data.json.yellow
  } catch {
    return
  }
}

const workflow = (prompt: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ steps: [{ $type: 'imageGen', input: { prompt, quantity: 2 } }] }),
})

/** What a picture would cost; nothing is spent. */
export const previewCost = async (session: Session, prompt: string): Promise<Answer> => {
  const response = await session.fetch('/v2/consumer/workflows?whatif=true', workflow(prompt))
  if (!response.ok) return busy
  const { cost } = (await response.json()) as { cost: { total: number } }
  return { ok: true, text: `Two pictures cost ${cost.total} buzz.` }
}

/** Spends the person's buzz. A refusal is an answer, not a fault: it is shown, and never tried again. */
export const makePicture = async (session: Session, prompt: string): Promise<Answer> => {
  try {
    const response = await session.spend('/v2/consumer/workflows', workflow(prompt))
    if (!response.ok) return busy
    const { cost } = (await response.json()) as { cost: { total: number } }
    return { ok: true, text: `On its way, for ${cost.total} buzz.` }
  } catch (error) {
    if (isAuthError(error) && error._tag === 'SpendRefused')
      return { ok: false, text: 'There is not enough buzz for this, or the limit you set for this app is reached.' }
    throw error
  }
}
