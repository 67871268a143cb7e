// A worker process that kills itself at a named point: `node test/support/dying-worker.ts POINT [PLATFORM]`; an empty point: never.
import { readConfig } from '../../config/config.ts'
import { open } from '../../src/join.ts'
import { withCrashPoints } from './crash-points.ts'

const [point = '', platform = ''] = process.argv.slice(2)
const only = platform === '' ? null : [platform]

/** What the lab needs to post late is far below a second, so a test need not wait as long as a city would. */
const hurried = { budgetSeconds: 4, settleSeconds: 1 }

await open(
  readConfig(),
  { roles: 'work', only },
  {
    around: (parts) => {
      const connectors = new Map([...parts.connectors].map(([name, connector]) => [name, { ...connector, ...hurried }]))
      return withCrashPoints({ ...parts, connectors }, (reached) => {
        if (reached === point) process.kill(process.pid, 'SIGKILL')
      })
    },
  },
)
process.stdout.write('ready\n')
