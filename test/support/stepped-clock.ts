// Steps the wall clock of its process: `--import …/stepped-clock.ts?steps=3600000,-3600000`. Each SIGUSR2 sets the next difference in
// milliseconds from the true time; the monotonic clock runs on, as it does when a machine's clock is set.
const True = Date
const steps = (new URL(import.meta.url).searchParams.get('steps') ?? '').split(',').map(Number)
let offset = 0

class Stepped extends True {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [True.now() + offset] : given) as [number]))
  }
  static override now(): number {
    return True.now() + offset
  }
}
globalThis.Date = Stepped as DateConstructor
process.on('SIGUSR2', () => {
  offset = steps.shift() ?? offset
})
