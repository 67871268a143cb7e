// The newsroom as far as platforms fetch media from it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedMedium {
  readonly image: { readonly id: string; readonly type: string }
  readonly bytes: Buffer
}

export interface Served {
  /** Where the medium of this id is fetched. */
  urlOf(id: string): string
  close(): Promise<void>
}

export const serving = async (media: readonly ServedMedium[]): Promise<Served> => {
  const server = createServer((request, response) => {
    const found = media.find(({ image }) => request.url === `/media/${image.id}`)
    response.writeHead(found ? 200 : 404, found ? { 'content-type': found.image.type } : {}).end(found?.bytes)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    urlOf: (id) => `http://127.0.0.1:${port}/media/${id}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}
