// A server that gives every request one and the same answer, and the shape that errors of Meta's Graph API have.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const graphError = (code: number, subcode?: number): string =>
  JSON.stringify({
    error: { message: 'Something is wrong', type: 'OAuthException', code, ...(subcode && { error_subcode: subcode }), fbtrace_id: 'A1b2' },
  })

interface Head {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

export const saying = async (body: string, { status, headers }: Head): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
