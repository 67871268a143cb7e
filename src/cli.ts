#!/usr/bin/env node
// The door from a shell: joins the command line with this process and the house it stands in.
import { run } from './cli/program.ts'

process.exitCode = await run(process.argv.slice(2), {
  in: process.stdin,
  out: process.stdout,
  err: process.stderr,
  house: async () => (await import('./main.ts')).house(),
})
