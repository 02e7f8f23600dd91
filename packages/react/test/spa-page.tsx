/** A page with no server: what a public client's whole code is. Its address says which app it is. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { CivitaiAuthProvider, useCivitaiAuth } from '../src/index.ts'

declare const app: { readonly clientId: string; readonly issuer: string }

const Page = () => {
  const auth = useCivitaiAuth()
  if (auth.status === 'signed-in') return <button onClick={() => auth.signOut()}>Sign out {auth.user.username}</button>
  if (auth.status === 'signed-out') return <button onClick={() => auth.signIn()}>Sign in</button>
  return <p>{auth.status}</p>
}

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CivitaiAuthProvider spa={{ ...app, scopes: ['UserRead', 'BuzzRead'] }}>
      <Page />
    </CivitaiAuthProvider>
  </StrictMode>,
)
