import './app.css'
import { useCivitaiAuth } from '@civitai-oauth/react'
import { useMemo } from 'react'
import type { ApiOf } from './api.ts'
import { Header } from './header.tsx'
import { How } from './how.tsx'
import { usePath } from './path.ts'
import { StatePanel } from './state-panel.tsx'
import { Story } from './story.tsx'
import { useHere } from './use-here.ts'

/** What a browser knows of the machine's state by itself; the rest comes with what a server answers. */
const stateOf = { unknown: undefined, 'signed-out': 'SignedOut', 'signed-in': 'SignedIn', expired: 'Expired' } as const

const Home = ({ apiOf }: { readonly apiOf: ApiOf }) => {
  const auth = useCivitaiAuth()
  const api = useMemo(() => apiOf(auth), [apiOf, auth])
  const [here, askAgain] = useHere(api)
  return (
    <main aria-busy={auth.status === 'unknown'}>
      <title>Sign in with Civitai in React</title>
      <div className="story">
        <Story api={api} here={here} onMade={askAgain} />
      </div>
      <StatePanel state={auth.status === 'signed-in' ? (here?.state ?? stateOf[auth.status]) : stateOf[auth.status]} />
    </main>
  )
}

export const App = ({ apiOf }: { readonly apiOf: ApiOf }) => (
  <>
    <Header />
    {usePath() === '/how' ? <How /> : <Home apiOf={apiOf} />}
    <footer>
      <p>Sign in with Civitai in ten lines: this page is what they do.</p>
    </footer>
  </>
)
