import type { CivitaiAuth } from '@civitai-oauth/react'

/** What the API said, as text to show: an answer, or why there is none. */
export interface Answer {
  readonly ok: boolean
  readonly text: string
}

export interface Here {
  readonly me: Answer
  readonly buzz?: Answer
  /** The session machine's state, where a server tells. */
  readonly state?: string
}

/** What the page asks for: of a server of our own, or of Civitai where there is none. */
export interface Api {
  here(signal: AbortSignal): Promise<Here>
  /** What two pictures would cost, or with `make` the pictures. `undefined` while the person is asked for permission. */
  pictures(prompt: string, make: boolean): Promise<Answer | undefined>
}

export type ApiOf = (auth: CivitaiAuth) => Api

export const busy: Answer = { ok: false, text: 'Civitai is busy just now. Nothing is lost: try again in a moment.' }
