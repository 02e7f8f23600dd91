import { CivitaiAuthProvider } from '@civitai-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CivitaiAuthProvider>
      <App />
    </CivitaiAuthProvider>
  </StrictMode>,
)
