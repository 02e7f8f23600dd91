import { CivitaiAuthProvider } from '@civitai-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.tsx'

const { VITE_CIVITAI_CLIENT_ID, VITE_CIVITAI_ISSUER } = import.meta.env

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CivitaiAuthProvider spa={{ clientId: VITE_CIVITAI_CLIENT_ID, issuer: VITE_CIVITAI_ISSUER, scopes: ['UserRead'] }}>
      <App />
    </CivitaiAuthProvider>
  </StrictMode>,
)
