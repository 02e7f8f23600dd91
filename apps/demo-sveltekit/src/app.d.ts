// Types `event.locals.civitai`.
import '@civitai-oauth/sveltekit/locals'
