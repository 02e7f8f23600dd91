/**
 * A registry on this machine that has our tarballs and nothing else, so that a project outside the workspace can install
 * them by the very line a README shows. Everything else comes from where it always comes from.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Tarball } from './pack.ts'

export interface PackRegistry {
  readonly url: string
  close(): Promise<void>
}

/** A file of a tarball, by its path below `package/`. */
export const fileInTarball = (tarball: string, path: string): string =>
  execFileSync('tar', ['-xzOf', tarball, `package/${path}`], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

/** Long enough ago for package managers that wait until a version has settled. */
const published = '2026-01-01T00:00:00.000Z'

const listing = ({ name, file }: Tarball, bytes: Buffer, origin: string): string => {
  const manifest = JSON.parse(fileInTarball(file, 'package.json')) as { readonly version: string }
  const dist = {
    tarball: `${origin}/${name}/-/${manifest.version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  }
  return JSON.stringify({
    name,
    'dist-tags': { latest: manifest.version },
    time: { created: published, modified: published, [manifest.version]: published },
    versions: { [manifest.version]: { ...manifest, dist } },
  })
}

/** Serves these tarballs on a free port of this machine, until closed. */
export const servePacked = async (tarballs: readonly Tarball[]): Promise<PackRegistry> => {
  const rows = new Map(tarballs.map((tarball) => [tarball.name, { tarball, bytes: readFileSync(tarball.file) }]))
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const [, name = '', download] = /^\/(@[^/]+\/[^/]+)(\/-\/.*)?$/.exec(path) ?? []
    const row = rows.get(name)
    if (row === undefined) return void response.writeHead(404).end('{}')
    if (download !== undefined) return void response.end(row.bytes)
    const { port } = server.address() as AddressInfo
    response.setHeader('content-type', 'application/json')
    return void response.end(listing(row.tarball, row.bytes, `http://localhost:${port}`))
  })
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
