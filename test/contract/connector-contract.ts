// What every connector promises, as tests against any peer: run it for each connector, on its lab room and on a real server where there is one.
import { after, afterEach, before, suite } from 'node:test'
import { actions } from './actions.ts'
import { exit } from './exit.ts'
import { failures } from './failures.ts'
import { limits } from './limits.ts'
import { looks } from './looks.ts'
import { secrecy } from './secrecy.ts'
import { type ContractOptions, World } from './world.ts'

export type { ContractOptions } from './world.ts'

/** Registers the tests. What the connector leaves out is not tested; what it offers must work. */
export const connectorContract = (options: ContractOptions): void => {
  suite(`${options.name} keeps the contract`, () => {
    const world = new World(options)
    before(() => world.open())
    afterEach(() => world.peer.set(null))
    after(() => world.close())
    actions(world)
    limits(world)
    failures(world)
    secrecy(world)
    exit(world)
    looks(options)
  })
}
