// A worker whose attempts are given up sooner than a city's would be, so that a short run can see many of them taken over.
import { readConfig } from '../../config/config.ts'
import { open } from '../../src/join.ts'
import { hurried } from '../support/hurried.ts'

await open(readConfig(), { roles: 'work', only: null }, { connectors: hurried })
process.stdout.write('ready\n')
