// A connected X channel in the lab for one test, and everything that it sends.
import type { TestContext } from 'node:test'
import { v7 } from 'uuid'
import type { XClient } from '../../connectors/x/client.ts'
import { x } from '../../connectors/x/index.ts'
import { type Lab, type LabSettings, startLab } from '../../lab/lab.ts'
import type { Attempt, Tools } from '../../src/connector/connector.ts'
import { anAttempt, someTools } from './builders.ts'
import { type PassedRequest, startFaultProxy } from './fault-proxy.ts'

export interface XWorld {
  readonly lab: Lab
  readonly client: XClient
  /** Another connection of the same channel, as another process has it. */
  connect(settings?: object): Promise<XClient>
  sent(method: string, path: RegExp): readonly PassedRequest[]
}

/** Everything that was sent by any test of this process, for the description to judge. */
export const allSent: PassedRequest[] = []

export interface XWorldOptions {
  readonly lab?: LabSettings['x']
  readonly now?: () => number
  readonly settings?: object
  readonly tools?: Partial<Tools>
}

export const xWorld = async (t: TestContext, options: XWorldOptions = {}): Promise<XWorld> => {
  const { lab: wanted, now = Date.now, settings = {}, tools = {} } = options
  const lab = await startLab({ port: 0, now, settings: { x: { rateLimits: false, ...wanted } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/x` })
  t.after(async () => {
    allSent.push(...proxy.requests)
    await proxy.close()
    await lab.stop()
  })
  const lent = someTools(tools)
  const connect = async (other: object = {}) =>
    x.connect(x.settings.parse({ base: proxy.url, token: 'rehearsal-bonn', ...settings, ...other }), lent)
  const sent = (method: string, path: RegExp) => proxy.requests.filter((request) => request.method === method && path.test(request.path))
  return { lab, client: await connect(), connect, sent }
}

/** A first attempt that begins now. */
export const anAttemptNow = (over: Partial<Attempt> = {}): Attempt => {
  const at = new Date().toISOString()
  return anAttempt({ key: v7(), plannedAt: at, firstAt: at, ...over })
}
