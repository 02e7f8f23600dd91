#!/usr/bin/env node
// Committed as it is, so that it is there to be linked when the workspace is installed and not built yet.
import { existsSync } from 'node:fs'
import * as module from 'node:module'

const stop = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19))
  stop(`civitai-oauth needs Node 22.19 or newer, and this is ${process.versions.node}: install a newer Node.`)

// Code that was compiled once starts a fifth sooner the next time.
module.enableCompileCache()

const built = new URL('../dist/bin.js', import.meta.url)
if (!existsSync(built)) stop('civitai-oauth is not built: run "npx -y pnpm@12 build" at the root of the repository.')

await import(built.href)
