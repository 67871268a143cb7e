// The command line with a house made for a test: the first argument is the house as JSON, the rest is the call.
import { run } from '../../src/cli/program.ts'

const [told = '{}', ...call] = process.argv.slice(2)

process.exitCode = await run(call, {
  in: process.stdin,
  out: process.stdout,
  err: process.stderr,
  house: async () => ({
    url: null,
    key: null,
    data: 'nowhere',
    cities: 'config/cities',
    ...JSON.parse(told),
    checkCities: async (folder) => JSON.parse(told).checks?.[folder] ?? [],
    backup: async (file) => ({ file, at: '2026-11-23T10:00:00.000Z', bytes: 1234, keys: `${file}.keys` }),
    restore: async (_file, { replace }) => ({ at: '2026-11-23T10:00:00.000Z', unclear: replace ? 2 : 0, keys: [] }),
    start: async (roles) => void process.stdout.write(`${JSON.stringify(roles)}\n`),
  }),
})
