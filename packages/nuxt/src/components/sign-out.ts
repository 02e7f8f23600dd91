import { type SignOutState, type Words, signOutWords, wordsFor } from '@civitai-oauth/client/components'
import { type PropType, type SlotsType, defineComponent, h, ref } from 'vue'
import { useProvided } from '../vue.ts'

/**
 * A form that signs out, which works without JavaScript, too; there for people who are signed in, or were until the
 * session expired. `data-state` is `signed-in` or `signing-out`. The slot takes the place of its words.
 */
export const CivitaiSignOut = defineComponent({
  name: 'CivitaiSignOut',
  inheritAttrs: false,
  props: {
    /** Where to go then: a path of this app. Default: its start page. */
    returnTo: String,
    /** What it says in each state; `{name}` is the username. */
    words: Object as PropType<Partial<Words<SignOutState>>>,
  },
  slots: Object as SlotsType<{ default?: { readonly state: SignOutState } }>,
  setup: (props, { attrs, slots }) => {
    const { auth, basePath, home } = useProvided()
    const leaving = ref(false)
    const submit = async (event: Event) => {
      event.preventDefault()
      const form = event.currentTarget as HTMLFormElement
      if (leaving.value) return
      leaving.value = true
      try {
        await auth.signOut({ returnTo: props.returnTo ?? home })
      } catch {
        // Then as a browser does it by itself: what goes wrong is shown as a page.
        leaving.value = false
        form.submit()
      }
    }
    return () => {
      const session = auth.session.value
      if (!('user' in session)) return null
      const state: SignOutState = leaving.value ? 'signing-out' : 'signed-in'
      const words = wordsFor({ ...signOutWords, ...props.words }, state, session)
      const own = { type: 'submit', 'data-state': state, 'aria-busy': leaving.value || undefined }
      return h('form', { method: 'post', action: `${basePath}/sign-out`, onSubmit: submit }, [
        h('input', { type: 'hidden', name: 'returnTo', value: props.returnTo ?? home }),
        h('button', { ...attrs, ...own }, slots.default?.({ state }) ?? words),
      ])
    }
  },
})
