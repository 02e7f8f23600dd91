// Made once, when the app is built, and the same for everyone: the browser finds out who is here.
export const prerender = true
