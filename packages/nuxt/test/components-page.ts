/** A page with every component, in plain Vue beside a server. */
import { createApp, h } from 'vue'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '../src/components/index.ts'
import { civitaiAuth } from '../src/vue.ts'

createApp(() => [h(CivitaiSignIn), h(CivitaiPermissions, { required: ['AIServicesWrite'] }), h(CivitaiSignOut)])
  .use(civitaiAuth())
  .mount('#root')
