import { CivitaiAuthProvider } from '@civitai-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { viaServer } from './via-server.ts'

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CivitaiAuthProvider>
      <App apiOf={viaServer} />
    </CivitaiAuthProvider>
  </StrictMode>,
)
