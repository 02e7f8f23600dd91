'use client'
import { type SignOutState, type Words, signOutWords, wordsFor } from '@civitai-oauth/client/components'
import {
  type ButtonHTMLAttributes,
  type FormEvent,
  type ReactElement,
  type ReactNode,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useShared } from '../shared.ts'

export interface CivitaiSignOutProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** Where to go then: a path of this app. Default `/`. */
  readonly returnTo?: string
  /** What it says in each state; `{name}` is the username. */
  readonly words?: Partial<Words<SignOutState>>
  /** Instead of the words: the same for each state, or made from it. */
  readonly children?: ReactNode | ((state: SignOutState) => ReactNode)
}

/**
 * A form that signs out, which works without JavaScript, too; there for people who are signed in, or were until the
 * session expired. `data-state` is `signed-in` or `signing-out`.
 */
export const CivitaiSignOut = ({
  returnTo = '/',
  words,
  children,
  ...attributes
}: CivitaiSignOutProps): ReactElement | null => {
  const { store, tools, rendered, basePath } = useShared()
  const session = useSyncExternalStore(store.subscribe, store.get, rendered)
  const [leaving, setLeaving] = useState(false)
  const begun = useRef(false)
  if (!('user' in session)) return null

  const state: SignOutState = leaving ? 'signing-out' : 'signed-in'
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    if (begun.current) return
    begun.current = true
    setLeaving(true)
    try {
      await tools.signOut({ returnTo })
    } catch {
      // Then as a browser does it by itself: what goes wrong is shown as a page.
      begun.current = false
      setLeaving(false)
      if (basePath !== undefined) form.submit()
    }
  }
  return (
    <form method="post" action={basePath && `${basePath}/sign-out`} onSubmit={submit}>
      <input type="hidden" name="returnTo" value={returnTo} />
      <button {...attributes} type="submit" data-state={state} aria-busy={leaving || undefined}>
        {typeof children === 'function'
          ? children(state)
          : (children ?? wordsFor({ ...signOutWords, ...words }, state, session))}
      </button>
    </form>
  )
}
