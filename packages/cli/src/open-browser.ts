/** Opening an address in the person's browser: web addresses only, and never through a shell. */
import { spawn } from 'node:child_process'

const openers: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
}

/** The program that opens `address` on this platform, or `undefined` for anything but http and https. */
export const openerOf = (address: string, platform: NodeJS.Platform): readonly [string, ...string[]] | undefined => {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return
  const [command, ...args] = openers[platform] ?? ['xdg-open']
  return [command, ...args, new URL(address).href]
}

/** True when a program was started. That no browser came up is the person's to see. */
export const openBrowser = (address: string): boolean => {
  const opener = openerOf(address, process.platform)
  if (opener === undefined) return false
  const [command, ...args] = opener
  const child = spawn(command, args, { stdio: 'ignore', detached: true, shell: false })
  child.on('error', () => console.error(`Open ${address} in a browser: ${command} is not installed.`))
  child.unref()
  return true
}
