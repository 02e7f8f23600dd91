import { useCivitaiAuth } from '@civitai-oauth/react'
import { useEffect, useState } from 'react'
import { type Api, type Here, busy } from './api.ts'

/** Asks what the API knows of the person, as soon as somebody is signed in. */
export const useHere = (api: Api): Here | undefined => {
  const { status } = useCivitaiAuth()
  const [here, setHere] = useState<Here>()
  useEffect(() => {
    if (status !== 'signed-in') return
    const leaving = new AbortController()
    const ask = async () => {
      const answer = await api.here(leaving.signal).catch(() => ({ me: busy }))
      if (!leaving.signal.aborted) setHere(answer)
    }
    void ask()
    return () => leaving.abort()
  }, [status, api])
  return here
}
