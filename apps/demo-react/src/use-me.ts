import { useCivitaiAuth } from '@civitai-oauth/react'
import { useEffect, useState } from 'react'

export interface Here {
  /** What the API said, as text to show: an answer, or why there is none. */
  readonly me: { readonly ok: boolean; readonly text: string }
  /** The session machine's state. */
  readonly state: string
}

/** Asks our own server for what the API knows of the person, as soon as somebody is signed in. */
export const useMe = (): Here | undefined => {
  const { status, fetch } = useCivitaiAuth()
  const [here, setHere] = useState<Here>()
  useEffect(() => {
    if (status !== 'signed-in') return
    const leaving = new AbortController()
    const ask = async () => {
      // A 401 tells the session's store; then this page shows it.
      const answer = await fetch('/api/me', { signal: leaving.signal })
      if (answer.ok) setHere((await answer.json()) as Here)
      else setHere({ me: { ok: false, text: 'The API does not answer just now.' }, state: 'SignedIn' })
    }
    ask().catch((error: Error) => {
      if (!leaving.signal.aborted) console.error(error)
    })
    return () => leaving.abort()
  }, [status, fetch])
  return here
}
