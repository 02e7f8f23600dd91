/** What the README shows of plain Vue; compiled with the tests. */
import { createApp } from 'vue'
import { civitaiAuth } from '../../src/vue.ts'

declare const App: object

export const vue = () => {
  // #vue
  createApp(App).use(civitaiAuth()).mount('#app')
  // #end
}
