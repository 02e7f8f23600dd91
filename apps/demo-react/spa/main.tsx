import { CivitaiAuthProvider } from '@civitai-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '../src/app.tsx'
import { direct } from './direct.ts'

// From your OAuth Apps card: an app that is public. The addresses are production's unless told.
const { VITE_CIVITAI_CLIENT_ID: clientId, VITE_CIVITAI_ISSUER: issuer } = import.meta.env

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CivitaiAuthProvider spa={{ clientId, scopes: ['UserRead', 'BuzzRead'], ...(issuer && { issuer }) }}>
      <App apiOf={direct} />
    </CivitaiAuthProvider>
  </StrictMode>,
)
