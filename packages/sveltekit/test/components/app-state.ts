/** The page that components stand on: what SvelteKit tells them through `$app/state`. */
export const page: { url: URL; data: object } = { url: new URL('http://localhost/spend?n=1'), data: {} }
