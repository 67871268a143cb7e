// Sets the house up on a bare machine, before anything is installed: plain JavaScript for any Node >= 18, at the beginning of
// `npm start` and `npm test`. What is there already is left alone, so the second run takes a blink. `--test` also brings a browser.
// Not a `prestart`: npm skips those where `ignore-scripts` is set. `hash -r` after it makes the shell find the Node that was brought.
import { findProgram, wanted } from './programs.mjs'
import { install, linkCommand } from './set-up/install.mjs'
import { agreed, say } from './set-up/say.mjs'
import { canUnpack, unpack } from './set-up/unpack.mjs'

/** A program that npm does not bring. `without` says what happens when it cannot be had. */
const bring = async ({ program, title, question, debian, inside, without }) => {
  if (findProgram(program)) return
  if (!canUnpack()) return say(without)
  if (!(await agreed(question))) return say(without)
  say(`Rundruf richtet sich ein: ${title} (einmalig, nach data/${program.folder}, ohne das System zu ändern) …`)
  try {
    unpack({ debian, name: program.names[0], program: inside, folder: program.folder })
  } catch (error) {
    const reason =
      String(error.stderr ?? '')
        .trim()
        .split('\n')
        .pop() || error.message
    say(`${title} ließ sich nicht holen: ${reason}`)
    say(without)
  }
}

install()
linkCommand()
if (!process.env.REDIS_URL) {
  await bring({
    program: wanted.redis,
    title: 'Redis',
    question: 'Rundruf braucht einen redis-server und findet keinen. Soll ich ihn (1,5 MB) aus dem Paketarchiv nach data/redis-bin holen?',
    // what /usr/bin/redis-server is, a link to redis-check-rdb, lies in redis-tools
    debian: ['redis-server', 'redis-tools'],
    inside: 'usr/bin/redis-server',
    without:
      "Ohne Redis arbeitet die Probe mit der PostgreSQL-Warteschlange von BullMQ; für den Ernstbetrieb bitte redis-server oder valkey-server installieren. / Without Redis the rehearsal uses BullMQ's PostgreSQL backend; for live operation please install redis-server or valkey-server.",
  })
}
if (process.argv.includes('--test')) {
  await bring({
    program: wanted.chromium,
    title: 'Chromium für die Tests im Browser',
    question: 'Für die Tests im Browser fehlt Chromium. Soll ich es (etwa 150 MB) aus dem Paketarchiv nach data/chromium-bin holen?',
    debian: ['chromium', 'chromium-common'],
    inside: 'usr/lib/chromium/chromium',
    without:
      'Ohne Chromium werden die Tests im Browser ausgelassen. / Without Chromium the tests in the browser are skipped; please install chromium or google-chrome.',
  })
}
