import { useCivitaiSession } from '@civitai-oauth/react'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '@civitai-oauth/react/components'
import { Suspense } from 'react'

// #components
export const Account = () => (
  <>
    <CivitaiSignIn className="button" />
    <CivitaiPermissions required={['AIServicesWrite']} />
    <CivitaiSignOut className="button" returnTo="/bye" />
  </>
)
// #end

// #suspense
const Hello = () => {
  const session = useCivitaiSession() // waits until it is known: never `unknown`
  return <p>{session.status === 'signed-in' ? `Hello, ${session.user.username}` : 'Hello'}</p>
}

export const Page = () => (
  <Suspense fallback={<p>…</p>}>
    <Hello />
  </Suspense>
)
// #end
