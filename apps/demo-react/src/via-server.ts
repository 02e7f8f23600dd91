import { type Answer, type ApiOf, type Here, busy } from './api.ts'

/** Asks our own server, which has the tokens. */
export const viaServer: ApiOf = ({ fetch }) => ({
  here: async (signal) => {
    // A 401 tells the session's store; then this page shows it.
    const answer = await fetch('/api/here', { signal })
    return answer.ok ? ((await answer.json()) as Here) : { me: busy }
  },
  pictures: async (prompt, make) => {
    // A 403 takes the person to Civitai to allow what is missing, and back to this page.
    const answer = await fetch('/api/pictures', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, make }),
    })
    if (answer.status === 403) return
    return answer.ok ? ((await answer.json()) as Answer) : busy
  },
})
