import { getSession } from './auth'

export default async function Page() {
  const session = await getSession()
  if (session.status !== 'signed-in') return <p>Nobody is signed in.</p>
  const me = await session.fetch('/api/v1/me') // with the person's token
  return <pre>{JSON.stringify(await me.json(), null, 2)}</pre>
}
