/** What the README shows; compiled with the tests. */
import { createRoot } from 'react-dom/client'
import { type BrowserSession, CivitaiAuthProvider, useCivitaiAuth } from '../src/index.ts'

declare const root: Element
declare const App: () => null
declare const session: { readonly view: BrowserSession }

export const beside = () =>
  // #provider
  createRoot(root).render(
    <CivitaiAuthProvider>
      <App />
    </CivitaiAuthProvider>,
  )
// #end

// #hook
export const Account = () => {
  const auth = useCivitaiAuth()
  if (auth.status === 'unknown') return null // not asked yet: neither the one nor the other
  if (auth.status === 'signed-in') return <button onClick={() => auth.signOut()}>Sign out {auth.user.username}</button>
  return <button onClick={() => auth.signIn()}>Sign in with Civitai</button>
}
// #end

export const rendered = () => (
  // #rendered
  <CivitaiAuthProvider initialSession={session.view}>
    <App />
  </CivitaiAuthProvider>
  // #end
)

export const alone = () => (
  // #spa
  <CivitaiAuthProvider spa={{ clientId: 'from your OAuth Apps card', scopes: ['UserRead'] }}>
    <App />
  </CivitaiAuthProvider>
  // #end
)
