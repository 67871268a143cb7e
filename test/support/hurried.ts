// The shipped connectors for tests: what the lab needs to post late is far below a second, so no test has to wait as long as a city would.
import { connectors } from '../../connectors/index.ts'
import type { Connectors } from '../../src/connector/connector.ts'

export const hurried: Connectors = new Map(
  [...connectors].map(([name, connector]) => [name, { ...connector, budgetSeconds: 5, settleSeconds: 1 }]),
)
