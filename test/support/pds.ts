// A real Bluesky personal data server on loopback, with a small identity directory of its own, and one account on it.
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestPds extends AsyncDisposable {
  /** `http://localhost:12345` */
  readonly url: string
  readonly handle: string
  readonly did: string
  readonly password: string
}

/** Starts server and directory and creates the account; everything is gone after disposal. */
export const startPds = async (): Promise<TestPds> => {
  const directory = await startDirectory()
  const folder = await mkdtemp(join(tmpdir(), 'rundruf-pds-'))
  await mkdir(join(folder, 'blobs'))
  const { envToCfg, envToSecrets, PDS } = await import('@atproto/pds')
  const environment = environmentOf(await freePort(), folder, directory.url)
  const server = await PDS.create(envToCfg(environment), envToSecrets(environment))
  await server.start()
  const url = `http://localhost:${environment.port}`
  const account = await createAccount(url)
  return {
    url,
    ...account,
    [Symbol.asyncDispose]: async () => {
      await server.destroy()
      await directory.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const environmentOf = (port: number, folder: string, directory: string) => ({
  hostname: 'localhost',
  port,
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  didPlcUrl: directory,
  serviceHandleDomains: ['.test'],
  devMode: true,
  inviteRequired: false,
  disableSsrfProtection: true,
  rateLimitsEnabled: false,
  jwtSecret: randomBytes(16).toString('hex'),
  dpopSecret: randomBytes(32).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  crawlers: [],
})

const createAccount = async (url: string) => {
  const handle = `stadt-${randomBytes(4).toString('hex')}.test`
  const password = `pass-${randomBytes(12).toString('hex')}`
  const response = await fetch(`${url}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle, password, email: `${handle}@example.org` }),
  })
  if (!response.ok) throw new Error(`the PDS creates no account: ${response.status} ${await response.text()}`)
  const { did } = (await response.json()) as { readonly did: string }
  return { handle, password, did }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createSocketServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

interface PlcLibrary {
  validateOperationLog(did: string, operations: readonly unknown[]): Promise<object | null>
  formatDidDoc(data: object): object
}

/** A DID PLC directory in memory: the real library checks every operation. https://web.plc.directory/spec/v0.1/did-plc */
const startDirectory = async (): Promise<{ url: string; close(): Promise<void> }> => {
  const plc = createRequire(import.meta.url)('@did-plc/lib') as PlcLibrary
  const logs = new Map<string, readonly unknown[]>()

  const answer = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    const [, did = '', part] = decodeURIComponent(request.url ?? '').split('/')
    const log = logs.get(did)
    if (request.method === 'POST') {
      const longer = [...(log ?? []), await jsonOf(request)]
      await plc.validateOperationLog(did, longer)
      logs.set(did, longer)
      return [200, {}]
    }
    if (did === '_health') return [200, { version: '0' }]
    const data = log && (await plc.validateOperationLog(did, log))
    if (!data) return [404, { message: `DID not registered: ${did}` }]
    return [200, part === 'data' ? data : part === 'log' ? log : plc.formatDidDoc(data)]
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: Error) => [400, { message: error.message }] as const)
      .then(([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const jsonOf = async (request: IncomingMessage): Promise<unknown> => {
  let body = ''
  for await (const chunk of request) body += chunk
  return JSON.parse(body)
}
