// What the set-up says to the person in front of it, and the one question it asks.
import { createInterface } from 'node:readline/promises'

/** One short line of progress; goes to stderr, so that a command's own output stays clean. */
export const say = (line) => void process.stderr.write(`${line}\n`)

/** Says why it cannot go on, and ends. */
export const giveUp = (line) => {
  say(line)
  process.exit(1)
}

/** A yes is the default. Without a terminal, or in CI, nobody is asked: it goes on. */
export const agreed = async (question) => {
  if (!process.stdin.isTTY || !process.stderr.isTTY || process.env.CI) return true
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(`${question} [J/n] `)
  lines.close()
  return !/^\s*n/i.test(answer)
}
