import { useCivitaiAuth } from '@civitai-oauth/react'
import { useCallback, useEffect, useState } from 'react'
import { type Api, type Here, busy } from './api.ts'

/** Asks what the API knows of the person, as soon as somebody is signed in, and again when told to. */
export const useHere = (api: Api): readonly [here: Here | undefined, askAgain: () => void] => {
  const { status } = useCivitaiAuth()
  const [here, setHere] = useState<Here>()
  const [times, setTimes] = useState(1)
  useEffect(() => {
    if (status !== 'signed-in') return
    const leaving = new AbortController()
    const ask = async () => {
      const answer = await api.here(leaving.signal).catch(() => ({ me: busy }))
      if (!leaving.signal.aborted) setHere(answer)
    }
    void ask()
    return () => leaving.abort()
  }, [status, api, times])
  return [here, useCallback(() => setTimes((before) => before + 1), [])]
}
