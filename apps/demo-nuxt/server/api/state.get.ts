// The session machine's state, for the side panel.
export default defineEventHandler((event) => ({ state: event.context.civitai?.state ?? 'SignedOut' }))
