// `npm run test:chaos -- --seed 7`: the kill loop in full, some ten minutes; its last line says what became of every delivery.
import { parseArgs } from 'node:util'
import { figure } from '../support/figures.ts'
import { killLoop } from './kill-loop.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    deliveries: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '200' },
    workers: { type: 'string', default: '3' },
    'at-once': { type: 'string', default: '24' },
    hurried: { type: 'boolean', default: false },
    urgent: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
say(`seed ${seed}`)
const outcome = await killLoop({
  seed,
  deliveries: Number(values.deliveries),
  kills: Number(values.kills),
  workers: Number(values.workers),
  atOnce: Number(values['at-once']),
  hurried: values.hurried,
  urgent: values.urgent,
  calmMs: 300_000,
  say,
  keep: values.keep,
})
for (const { charge, story, platform, words } of outcome.findings) say(`${charge}: story ${story} on ${platform}: ${words}`)
for (const surprise of outcome.surprises) say(`surprise: ${surprise}`)
const { deliveries, kills, lost, doubled, inverted, held } = outcome
for (const [name, value] of Object.entries({ seed, deliveries, kills, lost, doubled, inverted, held })) figure(name, value)
say(`deliveries ${deliveries}, kills ${kills}, lost ${lost}, doubled ${doubled}, inverted ${inverted}, held ${held}`)
process.exitCode = lost + doubled + inverted + outcome.surprises.length > 0 ? 1 : 0
