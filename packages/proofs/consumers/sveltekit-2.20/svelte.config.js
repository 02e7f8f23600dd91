import adapter from '@sveltejs/adapter-node'

/** Where SvelteKit of that time kept what today's starter tells Vite. */
export default { kit: { adapter: adapter() } }
