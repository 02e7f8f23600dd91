/** A page with every component, beside a server. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '../src/components/index.ts'
import { CivitaiAuthProvider } from '../src/index.ts'

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CivitaiAuthProvider>
      <CivitaiSignIn />
      <CivitaiPermissions required={['AIServicesWrite']} />
      <CivitaiSignOut />
    </CivitaiAuthProvider>
  </StrictMode>,
)
