// #store
import { createAuthStore } from '@civitai-oauth/client/browser'

const store = createAuthStore()
store.subscribe(() => {
  const session = store.get()
  document.title = session.status === 'signed-in' ? session.user.username : 'Not signed in'
})
// #end
