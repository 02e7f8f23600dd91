import { redirect } from 'next/navigation'
import { auth, getSession } from '../auth'

export default async function Make() {
  const session = await getSession()
  if (session.status !== 'signed-in' || !session.scopes.includes('AIServicesWrite'))
    redirect(auth.signInPath({ returnTo: '/make', scopes: ['AIServicesWrite'] })) // and back, with what was missing
  return <h1>Hello, {session.user.username}</h1>
}
