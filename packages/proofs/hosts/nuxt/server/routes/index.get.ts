export { default } from './[page].get.ts'
