/** The command line as a function: what `civitai-oauth` runs with its arguments. */
export { main } from './main.ts'
