import type { Session } from '@civitai-oauth/nuxt'

/** What the API said, as text to show: an answer, or why there is none. */
export interface Answer {
  readonly ok: boolean
  readonly text: string
}

const busy: Answer = { ok: false, text: 'Civitai is busy just now. Nothing is lost: try again in a moment.' }
const refused: Answer = {
  ok: false,
  text: 'There is not enough buzz for this, or the limit you set for this app is reached.',
}

/** A busy server signs nobody out: the page says so and goes on. */
const read = async <T>(call: Promise<Response>, say: (body: T) => string): Promise<Answer> => {
  try {
    const response = await call
    return response.ok ? { ok: true, text: say((await response.json()) as T) } : busy
  } catch (error) {
    // A refusal is an answer, not a fault: it is shown, and never tried again.
    return isAuthError(error) && error._tag === 'SpendRefused' ? refused : busy
  }
}

export const askForMe = (session: Session): Promise<Answer> =>
  read(session.fetch('/api/v1/me'), (me) => JSON.stringify(me, null, 2))

interface Buzz {
  readonly result: { readonly data: { readonly json: { readonly yellow: number } } }
}

/** The spendable balance. */
export const askForBuzz = (session: Session): Promise<Answer> =>
  read<Buzz>(
    session.fetch('/api/trpc/buzz.getBuzzAccount'),
    ({ result }) => `${result.data.json.yellow.toLocaleString('en')} buzz`,
  )

interface Workflow {
  readonly cost: { readonly total: number }
}

const workflow = (prompt: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ steps: [{ $type: 'imageGen', input: { prompt, quantity: 2 } }] }),
})

/** What two pictures would cost; nothing is spent. */
export const previewCost = (session: Session, prompt: string): Promise<Answer> =>
  read<Workflow>(
    session.fetch('/v2/consumer/workflows?whatif=true', workflow(prompt)),
    ({ cost }) => `Two pictures cost ${cost.total} buzz.`,
  )

/** Spends the person's buzz. */
export const makePictures = (session: Session, prompt: string): Promise<Answer> =>
  read<Workflow>(
    session.spend('/v2/consumer/workflows', workflow(prompt)),
    ({ cost }) => `On their way, for ${cost.total} buzz.`,
  )
