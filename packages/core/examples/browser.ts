import { run } from '@civitai-oauth/core/runner'
import * as Session from '@civitai-oauth/core/session'

/** What your page already has: a way to ask your server. */
interface Page {
  refresh(refreshToken: string): Promise<Session.Event>
  show(state: Session.State): void
  keep(live: Session.Live | null): void
}

export const sessionOf = (page: Page, live: Session.Live) => {
  // #example
  const session = run(
    Session.transition,
    { _tag: 'SignedIn', live } as Session.State,
    (command: Session.Command) => {
      if (command._tag === 'RefreshTokens') return page.refresh(command.refreshToken)
      if (command._tag === 'SaveSession') page.keep(command.live)
      if (command._tag === 'ClearSession') page.keep(null)
      return undefined
    },
    Session.questions,
  )
  session.subscribe((state) => page.show(state))
  // Thirty callers at once share one refresh; a sign-out does not wait for it.
  const token = () => session.dispatch({ _tag: 'Needed', at: Date.now() })
  // #end
  return { session, token }
}
