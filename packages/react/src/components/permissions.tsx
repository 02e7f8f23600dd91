'use client'
import {
  type Permission,
  type PermissionWords,
  permissionWords,
  permissionsOf,
} from '@civitai-oauth/client/permissions'
import type { ScopeOf } from '@civitai-oauth/client'
import { type HTMLAttributes, type ReactElement, type ReactNode, useSyncExternalStore } from 'react'
import { useShared } from '../shared.ts'
import { CivitaiSignIn } from './sign-in.tsx'

export interface CivitaiPermissionsProps<S extends string = ScopeOf['civitai']> extends Omit<
  HTMLAttributes<HTMLUListElement>,
  'children'
> {
  /** What this page needs: of it, what the person has not allowed is listed too, with a link that asks for it. */
  readonly required?: readonly S[]
  /** Where to come back to after that: a path of this app. Default: this page. */
  readonly returnTo?: string
  /** A permission in other words than Civitai's. */
  readonly describe?: (scope: S) => string
  readonly words?: Partial<PermissionWords>
  /** How to show one. */
  readonly children?: (permission: Permission<S>) => ReactNode
}

/**
 * What the session may do, in the words that people read when they allow it. Items have `data-state` `granted` or
 * `missing`. Nothing where nobody is signed in.
 */
export const CivitaiPermissions = <S extends string = ScopeOf['civitai']>({
  required = [],
  returnTo,
  describe,
  words,
  children,
  ...attributes
}: CivitaiPermissionsProps<S>): ReactElement | null => {
  const { store, rendered } = useShared()
  const session = useSyncExternalStore(store.subscribe, store.get, rendered)
  if (session.status !== 'signed-in') return null

  const said = { ...permissionWords, ...words }
  const permissions = permissionsOf<string>(session, required, describe as (scope: string) => string)
  const missing = permissions.filter(({ state }) => state === 'missing').map(({ scope }) => scope)
  return (
    <>
      <ul aria-live="polite" {...attributes}>
        {permissions.map((permission) => (
          <li key={permission.scope} data-state={permission.state} data-scope={permission.scope}>
            {children ? (
              children(permission as Permission<S>)
            ) : (
              <>
                {permission.label} <small>({said[permission.state]})</small>
              </>
            )}
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <CivitaiSignIn<string>
          scopes={missing}
          words={{ missing: said.ask }}
          {...(returnTo !== undefined && { returnTo })}
        />
      )}
    </>
  )
}
