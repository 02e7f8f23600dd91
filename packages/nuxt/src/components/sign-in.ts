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
import { type PropType, type SlotsType, computed, defineComponent, h, onBeforeUnmount, onMounted, ref } from 'vue'
import { useProvided } from '../vue.ts'

/**
 * A link to sign in, which works without JavaScript, too. `data-state` is `unknown`, `signed-out`, `signing-in`,
 * `signed-in`, `expired`, or `missing` where somebody is signed in without all of `scopes`. It is the same element in all
 * of them, so that focus stays. The slot takes the place of its words.
 */
export const CivitaiSignIn = defineComponent({
  name: 'CivitaiSignIn',
  inheritAttrs: false,
  props: {
    /** Where to come back to: a path of this app. Default: this page. */
    returnTo: String,
    /** Permissions beside those the app always asks for. */
    scopes: Array as PropType<readonly string[]>,
    /** What it says in each state; `{name}` is the username. */
    words: Object as PropType<Partial<Words<SignInState>>>,
  },
  slots: Object as SlotsType<{ default?: { readonly state: SignInState } }>,
  setup: (props, { attrs, slots }) => {
    const { auth, basePath, page } = useProvided()
    const leaving = ref(false)
    let stop = () => {}
    onMounted(() => {
      stop = onReturn(() => (leaving.value = false))
    })
    onBeforeUnmount(() => stop())

    const state = computed(() => signInState(auth.session.value, props.scopes, leaving.value))
    /** A page that is the same for everyone has no query that its HTML could know. */
    const thisPage = () => (state.value === 'unknown' ? page?.().replace(/[?#].*$/, '') : page?.())
    const link = (returnTo: string | undefined) => signInLink(basePath, { returnTo, scopes: props.scopes })
    const press = (event: MouseEvent) => {
      if (event.defaultPrevented || state.value === 'signed-in' || !leavesPage(event)) return
      leaving.value = true
      ;(event.currentTarget as HTMLElement).setAttribute('href', link(props.returnTo ?? here()))
    }
    return () => {
      const isIn = state.value === 'signed-in'
      const words = wordsFor({ ...signInWords, ...props.words }, state.value, auth.session.value)
      // Whoever is signed in has nothing to follow: a link without address that can keep the focus.
      const leads = isIn
        ? { role: 'link', 'aria-disabled': true }
        : { href: link(props.returnTo ?? thisPage()), rel: signInRel }
      const own = { tabindex: 0, 'data-state': state.value, 'aria-busy': state.value === 'signing-in' || undefined }
      // The app's own listener runs first, and may take the press.
      const onClick = [attrs['onClick'], press].flat().filter((one) => one !== undefined)
      return h('span', { 'aria-live': 'polite' }, [
        h('a', { ...attrs, ...own, ...leads, onClick }, slots.default?.({ state: state.value }) ?? words),
      ])
    }
  },
})
