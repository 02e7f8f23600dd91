import { type User, useCivitaiAuth } from '@civitai-oauth/react'
import type { Api, Here } from './api.ts'
import { Pictures } from './pictures.tsx'

const Person = ({ user, buzz }: { readonly user: User; readonly buzz: Here['buzz'] }) => (
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
      {buzz?.ok && <p className="soft">{buzz.text}</p>}
    </div>
  </section>
)

/** Without a server: why the last sign-in came to nothing. */
const SignInFailed = () => {
  const { error } = useCivitaiAuth()
  if (error === undefined) return null
  return (
    <p className="notice" role="status">
      {error === 'ConsentDenied'
        ? 'You did not authorize the app. Nothing was changed.'
        : 'You could not be signed in just now. Please try again.'}
    </p>
  )
}

const Welcome = () => {
  const auth = useCivitaiAuth()
  return (
    <section className="card welcome" aria-labelledby="welcome">
      {auth.status === 'expired' && (
        <p className="notice" role="status">
          Welcome back, {auth.user.username}. Your session could not be renewed just now. <a href="/">Try again</a>
        </p>
      )}
      {auth.status === 'signed-out' && auth.reason === 'ended' && (
        <p className="notice" role="status">
          Your access ended. Sign in again to go on.
        </p>
      )}
      <SignInFailed />
      <h1 id="welcome">One account for everything you make</h1>
      <p className="soft">
        Sign in with Civitai and this page knows who you are. It asks to read your profile and your buzz balance, and
        for nothing else.
      </p>
      <p>
        <button className="button large" onClick={() => auth.signIn()}>
          Sign in with Civitai
        </button>
      </p>
    </section>
  )
}

export interface StoryProps {
  readonly api: Api
  readonly here: Here | undefined
  /** Buzz was spent: what the API says is another thing now. */
  readonly onMade: () => void
}

export const Story = ({ api, here, onMade }: StoryProps) => {
  const auth = useCivitaiAuth()
  // Not known yet: neither the one nor the other is shown.
  if (auth.status === 'unknown') return null
  if (auth.status !== 'signed-in') return <Welcome />
  return (
    <>
      <SignInFailed />
      <Person user={auth.user} buzz={here?.buzz} />
      <section className="card" aria-labelledby="allowed">
        <h2 id="allowed">What you allowed</h2>
        <ul className="chips">
          {auth.scopes.map((scope) => (
            <li key={scope}>{scope}</li>
          ))}
        </ul>
      </section>
      <Pictures api={api} onMade={onMade} />
      {here && (
        <section className="card" aria-labelledby="api">
          <h2 id="api">What the API says of you</h2>
          {here.me.ok ? (
            <pre>
              <code>{here.me.text}</code>
            </pre>
          ) : (
            <p className="notice" role="status">
              {here.me.text}
            </p>
          )}
        </section>
      )}
    </>
  )
}
