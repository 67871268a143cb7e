#!/usr/bin/env node
// The door from a shell: joins the command line with this process and the house it stands in.
import { run } from './cli/program.ts'

// `rundruf list | head`: whoever reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await run(process.argv.slice(2), {
  in: process.stdin,
  out: process.stdout,
  err: process.stderr,
  house: async () => (await import('./main.ts')).house(),
})
