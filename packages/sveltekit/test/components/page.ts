/** A page with every component, beside a server. */
import { mount } from 'svelte'
import ComponentsPage from './ComponentsPage.svelte'
import { page } from './app-state.ts'

page.url = new URL(location.href)
mount(ComponentsPage, { target: document.querySelector('#root') as Element })
