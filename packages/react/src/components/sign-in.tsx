'use client'
import {
  type SignInState,
  type Words,
  here,
  leavesPage,
  onReturn,
  signInLink,
  signInRel,
  signInState,
  signInWords,
  wordsFor,
} from '@civitai-oauth/client/components'
import type { ScopeOf } from '@civitai-oauth/client'
import {
  type HTMLAttributes,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { useShared } from '../shared.ts'

export interface CivitaiSignInProps<S extends string = ScopeOf['civitai']> extends Omit<
  HTMLAttributes<HTMLElement>,
  'children'
> {
  /** Where to come back to: a path of this app. Default: this page; without JavaScript the start page. */
  readonly returnTo?: string
  /** Permissions beside those the app always asks for. */
  readonly scopes?: readonly S[]
  /** What it says in each state; `{name}` is the username. */
  readonly words?: Partial<Words<SignInState>>
  /** Instead of the words: the same for each state, or made from it. */
  readonly children?: ReactNode | ((state: SignInState) => ReactNode)
}

/**
 * A link to sign in, which works without JavaScript, too; a button where there is no server. `data-state` is `unknown`,
 * `signed-out`, `signing-in`, `signed-in`, `expired`, or `missing` where somebody is signed in without all of `scopes`. It
 * is the same element in all of them, so that focus stays.
 */
export const CivitaiSignIn = <S extends string = ScopeOf['civitai']>({
  returnTo,
  scopes = [],
  words,
  children,
  onClick,
  ...attributes
}: CivitaiSignInProps<S>): ReactElement => {
  const { store, tools, rendered, basePath } = useShared()
  const session = useSyncExternalStore(store.subscribe, store.get, rendered)
  const [leaving, setLeaving] = useState(false)
  useEffect(() => onReturn(() => setLeaving(false)), [])

  const state = signInState(session, scopes, leaving)
  const isIn = state === 'signed-in'
  const content =
    typeof children === 'function'
      ? children(state)
      : (children ?? wordsFor({ ...signInWords, ...words }, state, session))
  const link = (back: string | undefined) => signInLink(basePath ?? '', { returnTo: back, scopes })
  const press = (event: MouseEvent<HTMLElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || isIn || !leavesPage(event)) return
    setLeaving(true)
    if (basePath === undefined) tools.signIn({ ...(returnTo !== undefined && { returnTo }), scopes })
    else event.currentTarget.setAttribute('href', link(returnTo ?? here()))
  }
  const shared = {
    ...attributes,
    'data-state': state,
    'aria-busy': state === 'signing-in' || undefined,
    onClick: press,
  }
  return (
    <span aria-live="polite">
      {basePath === undefined ? (
        <button type="button" {...shared} aria-disabled={isIn || undefined}>
          {content}
        </button>
      ) : (
        // Whoever is signed in has nothing to follow: a link without address that can keep the focus.
        <a
          tabIndex={0}
          {...shared}
          {...(isIn ? { role: 'link', 'aria-disabled': true } : { href: link(returnTo), rel: signInRel })}
        >
          {content}
        </a>
      )}
    </span>
  )
}
