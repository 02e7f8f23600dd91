'use client'
import { useCivitaiAuth } from '@civitai-oauth/react'

export const Account = () => {
  const auth = useCivitaiAuth()
  if (auth.status === 'unknown') return null // not asked yet: neither the one nor the other
  if (auth.status === 'signed-in') return <button onClick={() => auth.signOut()}>Sign out {auth.user.username}</button>
  return <button onClick={() => auth.signIn()}>Sign in with Civitai</button>
}
