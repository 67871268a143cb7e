// A port for a server that a test starts.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the ports that Linux gives to outgoing connections (32768 and up), one of which may be taken between asking and listening. */
const [lowest, highest] = [10_000, 32_000]
const given = new Set<number>()

/** A port that was free a moment ago, drawn so that neither this process nor one beside it is likely to draw the same. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer()
    server.on('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
