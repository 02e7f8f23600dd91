import { useCivitaiAuth } from '@civitai-oauth/react'
import { follow } from './path.ts'

export const Header = () => {
  const auth = useCivitaiAuth()
  return (
    <header>
      <nav>
        <a className="brand" href="/" onClick={follow}>
          <img src="/icon.svg" alt="" width="28" height="28" /> Demo in React
        </a>
        <a href="/how" onClick={follow}>
          How it works
        </a>
      </nav>
      <div className="account">
        {auth.status === 'signed-in' && (
          <>
            <span className="who">{auth.user.username}</span>
            <button onClick={() => void auth.signOut()}>Sign out</button>
          </>
        )}
        {(auth.status === 'signed-out' || auth.status === 'expired') && (
          <button className="button" onClick={() => auth.signIn()}>
            Sign in
          </button>
        )}
      </div>
    </header>
  )
}
