import {
  type Permission,
  type PermissionWords,
  permissionWords,
  permissionsOf,
} from '@civitai-oauth/client/permissions'
import { type PropType, type SlotsType, defineComponent, h } from 'vue'
import { useProvided } from '../vue.ts'
import { CivitaiSignIn } from './sign-in.ts'

/**
 * What the session may do, in the words that people read when they allow it. Items have `data-state` `granted` or
 * `missing`. Nothing where nobody is signed in. The slot shows one permission.
 */
export const CivitaiPermissions = defineComponent({
  name: 'CivitaiPermissions',
  inheritAttrs: false,
  props: {
    /** What this page needs: of it, what the person has not allowed is listed too, with a link that asks for it. */
    required: Array as PropType<readonly string[]>,
    /** Where to come back to after that: a path of this app. Default: this page. */
    returnTo: String,
    /** A permission in other words than Civitai's. */
    describe: Function as PropType<(scope: string) => string>,
    words: Object as PropType<Partial<PermissionWords>>,
  },
  slots: Object as SlotsType<{ default?: { readonly permission: Permission } }>,
  setup: (props, { attrs, slots }) => {
    const { auth } = useProvided()
    return () => {
      const said = { ...permissionWords, ...props.words }
      const permissions = permissionsOf<string>(auth.session.value, props.required, props.describe)
      if (permissions.length === 0) return null
      const missing = permissions.filter(({ state }) => state === 'missing').map(({ scope }) => scope)
      const item = (permission: Permission) =>
        slots.default?.({ permission }) ?? [permission.label, ' ', h('small', `(${said[permission.state]})`)]
      return [
        h(
          'ul',
          { 'aria-live': 'polite', ...attrs },
          permissions.map((permission) =>
            h(
              'li',
              { key: permission.scope, 'data-state': permission.state, 'data-scope': permission.scope },
              item(permission),
            ),
          ),
        ),
        missing.length > 0 &&
          h(CivitaiSignIn, {
            scopes: missing,
            words: { missing: said.ask },
            ...(props.returnTo !== undefined && { returnTo: props.returnTo }),
          }),
      ]
    }
  },
})
