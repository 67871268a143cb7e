// Calls the command line as a person or a script does: a process of its own, its streams, its exit code.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FakeService } from './cli-fake-service.ts'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const node = join(import.meta.dirname, '../../node_modules/.bin/node')
const door = join(import.meta.dirname, 'cli-door.ts')

export interface Calling {
  /** The house that the call stands in; a service's address and key are the usual ones. */
  readonly house?: object
  /** What it reads on standard input. */
  readonly input?: string
}

export const call = async (args: readonly string[], { house = {}, input = '' }: Calling = {}): Promise<Ended> => {
  const child = spawn(node, [door, JSON.stringify(house), ...args], { stdio: 'pipe' })
  child.stdin.on('error', () => undefined) // it may end before it has read
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, err }
}

/** Calls it against a service. */
export const callOn = (service: FakeService, args: readonly string[], input = ''): Promise<Ended> =>
  call(args, { house: { url: service.url, key: 'test-key' }, input })

/** The options that every new announcement needs. */
export const words = ['--city', 'bonn', '--kind', 'notice', '--title', 'Freibad öffnet', '--text', 'Am Samstag um 9 Uhr.'] as const
