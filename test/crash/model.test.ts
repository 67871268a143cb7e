// The house against a model of it: random commands, deaths, moods, forgotten queues and moved clocks, and never a difference.
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { type ModelHouse, openModelHouse } from '../model/house.ts'
import { deathPlaces } from '../model/mortal.ts'
import { type Command, play } from '../model/play.ts'
import { fourPagers } from '../support/four-pagers.ts'
import { connectorsOf, type Mood } from '../support/pager.ts'

/** More with `RUNDRUF_MODEL_RUNS=2000`; a run that failed again with the `RUNDRUF_MODEL_SEED` and `RUNDRUF_MODEL_PATH` of its report. */
const runs = Number(process.env.RUNDRUF_MODEL_RUNS ?? 200)
const seed = process.env.RUNDRUF_MODEL_SEED
const length = 40

const story = fc.nat({ max: 9 })
const mood = fc.constantFrom<Mood>('unreachable', 'lost', 'posted-lost', { retryAfterMs: 5000 })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('nothing', 'flush', 'answer') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('draft'),
      needsApproval: fc.boolean(),
      lastsSeconds: fc.option(fc.integer({ min: 5, max: 120 }), { nil: null, freq: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('release', 'approve'), story }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('amend', 'retract', 'all-clear', 'expire'), story }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('kill'),
      death: fc.record({ at: fc.constantFrom(...deathPlaces), count: fc.integer({ min: 1, max: 4 }) }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('meanwhile'),
      at: fc.record({ at: fc.constantFrom(...deathPlaces), count: fc.integer({ min: 1, max: 4 }) }),
      verb: fc.constantFrom('amend', 'retract', 'all-clear'),
      story,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mood'),
      platform: fc.nat({ max: 3 }),
      operation: fc.constantFrom('publish', 'find', 'update', 'retract', 'reply'),
      mood,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock'), hours: fc.constantFrom(-1, 1) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tick'), seconds: fc.integer({ min: 0, max: 30 }) }) },
) as fc.Arbitrary<Command>

/** The first post was claimed and never sent; its correction is the post. */
const correctionIsThePost: readonly Command[] = [
  { do: 'draft', needsApproval: false, lastsSeconds: null },
  { do: 'release', story: 0 },
  { do: 'kill', death: { at: 'after-claim', count: 1 } },
  { do: 'tick', seconds: 1 },
  { do: 'amend', story: 0 },
  { do: 'tick', seconds: 10 },
  { do: 'tick', seconds: 10 },
  { do: 'tick', seconds: 10 },
]

/** What random commands have found, in as few of them as it takes. */
const found: Readonly<Record<string, readonly Command[]>> = {
  'P12: a correction that became the post is taken back': [...correctionIsThePost, { do: 'retract', story: 0 }],
  'P2, P14: a correction that became the post is changed by the next one': [...correctionIsThePost, { do: 'amend', story: 0 }],
  'P14: a post that a look does not find is not sent once something newer holds': [
    { do: 'draft', needsApproval: false, lastsSeconds: null },
    { do: 'release', story: 0 },
    { do: 'mood', platform: 0, operation: 'publish', mood: 'lost' },
    { do: 'tick', seconds: 1 },
    { do: 'amend', story: 0 },
    { do: 'tick', seconds: 10 },
  ],
  'P14: a post that surely did not leave is not tried again when something newer came meanwhile': [
    { do: 'draft', needsApproval: false, lastsSeconds: null },
    { do: 'release', story: 0 },
    ...[0, 1, 2].map((platform) => ({ do: 'mood', platform, operation: 'publish', mood: 'unreachable' }) as const),
    { do: 'meanwhile', at: { at: 'before-settle', count: 1 }, verb: 'amend', story: 0 },
    { do: 'tick', seconds: 1 },
    { do: 'tick', seconds: 10 },
  ],
  'P12: a post that nobody finds is not sent after the retraction, also where nothing can be taken back': [
    { do: 'draft', needsApproval: false, lastsSeconds: null },
    { do: 'release', story: 0 },
    { do: 'mood', platform: 3, operation: 'publish', mood: 'lost' },
    { do: 'tick', seconds: 1 },
    { do: 'retract', story: 0 },
    { do: 'answer' },
    { do: 'tick', seconds: 10 },
  ],
  'P15: a change whose worker died is not sent again once the announcement has run out': [
    { do: 'draft', needsApproval: false, lastsSeconds: 60 },
    { do: 'release', story: 0 },
    { do: 'tick', seconds: 1 },
    { do: 'amend', story: 0 },
    { do: 'kill', death: { at: 'after-act', count: 1 } },
    { do: 'tick', seconds: 1 },
    { do: 'expire', story: 0 },
  ],
  'P15: a change whose answer was lost is not sent again either': [
    { do: 'draft', needsApproval: false, lastsSeconds: 60 },
    { do: 'release', story: 0 },
    { do: 'tick', seconds: 1 },
    { do: 'amend', story: 0 },
    { do: 'mood', platform: 0, operation: 'update', mood: 'posted-lost' },
    { do: 'tick', seconds: 1 },
    { do: 'expire', story: 0 },
  ],
}

describe('the model', () => {
  const pagers = fourPagers()
  let house: ModelHouse
  before(async () => {
    house = await openModelHouse(connectorsOf(pagers))
  })
  after(() => house?.[Symbol.asyncDispose]())

  for (const [what, commands] of Object.entries(found)) it(what, () => play(house, pagers, commands))

  it(`P1 to P3, P9, P12, P14 to P16: ${runs} runs of ${length} commands, and no difference`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(fc.array(command, { minLength: length, maxLength: length }), (commands) =>
      play(house, pagers, commands),
    )
    await fc.assert(property, {
      numRuns: runs,
      endOnFailure: true,
      includeErrorInReport: true,
      ...(seed !== undefined && { seed: Number(seed), path: process.env.RUNDRUF_MODEL_PATH ?? '' }),
    })
  })
})
