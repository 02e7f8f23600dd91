import { CivitaiAuthProvider } from '@civitai-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './app.css'

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CivitaiAuthProvider>
      <App />
    </CivitaiAuthProvider>
  </StrictMode>,
)
