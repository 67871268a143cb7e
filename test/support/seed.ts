// Loaded before each test file that `test/run.ts` runs: all properties draw from one seed, so that no run depends on luck.
import fc from 'fast-check'

const given = process.env.RUNDRUF_SEED

if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) })
