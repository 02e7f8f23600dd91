import { CivitaiAuthProvider } from '@civitai-oauth/react'
import type { ReactNode } from 'react'
import { Account } from './account'
import { getSession } from './auth'

export default async function Layout({ children }: { children: ReactNode }) {
  const session = await getSession()
  return (
    <html lang="en">
      <body>
        <CivitaiAuthProvider initialSession={session.view}>
          <Account />
          {children}
        </CivitaiAuthProvider>
      </body>
    </html>
  )
}
