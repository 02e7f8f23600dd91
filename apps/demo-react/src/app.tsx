import { type User, useCivitaiAuth } from '@civitai-oauth/react'
import { StatePanel } from './state-panel.tsx'
import { useMe } from './use-me.ts'

const Header = () => {
  const auth = useCivitaiAuth()
  return (
    <header>
      <a className="brand" href="/">
        <img src="/icon.svg" alt="" width="28" height="28" /> Demo in React
      </a>
      {auth.status === 'signed-in' && (
        // A plain form: signing out never happens by following a link.
        <form method="POST" action="/oauth/sign-out">
          <span className="who">{auth.user.username}</span>
          <button>Sign out</button>
        </form>
      )}
      {(auth.status === 'signed-out' || auth.status === 'expired') && (
        <a className="button" href="/oauth/sign-in">
          Sign in
        </a>
      )}
    </header>
  )
}

const Person = ({ user }: { readonly user: User }) => (
  <section className="card person" aria-labelledby="hello">
    {user.picture ? (
      <img src={user.picture} alt="" width="72" height="72" />
    ) : (
      <span className="initial" aria-hidden="true">
        {user.username.slice(0, 1).toUpperCase()}
      </span>
    )}
    <div>
      <h1 id="hello">Hello, {user.username}</h1>
      {user.email && <p className="soft">{user.email}</p>}
    </div>
  </section>
)

const Story = ({ me }: { readonly me: { readonly ok: boolean; readonly text: string } | undefined }) => {
  const auth = useCivitaiAuth()
  // Not known yet: neither the one nor the other is shown.
  if (auth.status === 'unknown') return null
  if (auth.status === 'signed-in')
    return (
      <>
        <Person user={auth.user} />
        <section className="card" aria-labelledby="allowed">
          <h2 id="allowed">What you allowed</h2>
          <ul className="chips">
            {auth.scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </section>
        {me && (
          <section className="card" aria-labelledby="api">
            <h2 id="api">What the API says of you</h2>
            {me.ok ? (
              <pre>
                <code>{me.text}</code>
              </pre>
            ) : (
              <p role="status">{me.text}</p>
            )}
          </section>
        )}
      </>
    )
  return (
    <section className="card welcome" aria-labelledby="welcome">
      {auth.status === 'signed-out' && auth.reason === 'ended' && (
        <p className="notice" role="status">
          Your access ended. Sign in again to go on.
        </p>
      )}
      {auth.status === 'expired' && (
        <p className="notice" role="status">
          Welcome back, {auth.user.username}. Your session could not be renewed just now.
        </p>
      )}
      <h1 id="welcome">One account for everything you make</h1>
      <p className="soft">
        Sign in with Civitai and this page knows who you are. It asks to read your profile and your buzz balance, and
        for nothing else.
      </p>
      <p>
        <a className="button large" href="/oauth/sign-in">
          Sign in with Civitai
        </a>
      </p>
    </section>
  )
}

/** What a browser knows of the machine's state by itself; the rest comes with what the server answers. */
const stateOf = { unknown: undefined, 'signed-out': 'SignedOut', 'signed-in': 'SignedIn', expired: 'Expired' } as const

export const App = () => {
  const { status } = useCivitaiAuth()
  const here = useMe()
  return (
    <>
      <Header />
      <main aria-busy={status === 'unknown'}>
        <div className="story">
          <Story me={here?.me} />
        </div>
        <StatePanel state={status === 'signed-in' ? (here?.state ?? stateOf[status]) : stateOf[status]} />
      </main>
      <footer>
        <p>Sign in with Civitai in ten lines: this page is what they do.</p>
      </footer>
    </>
  )
}
