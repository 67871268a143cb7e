// What WhatsApp's stand-in serves to a browser: one page, and the scripts that behave as web.whatsapp.com does towards whatsapp-web.js.
import { readFileSync } from 'node:fs'
import type { Answer } from '../room.ts'

const scripts: Readonly<Record<string, string>> = Object.fromEntries(
  ['start', 'lab', 'models', 'socket', 'newsletters', 'media'].map((name) => [
    `${name}.js`,
    readFileSync(new URL(`web/${name}.js`, import.meta.url), 'utf8'),
  ]),
)

/**
 * Everybody may read the answers: the page believes that it stands at https://web.whatsapp.com. And each has a connection of its own: a
 * browser repeats by itself, unasked, what was cut off on one that it has used before.
 */
export const open = { 'access-control-allow-origin': '*', 'cache-control': 'no-store', connection: 'close' } as const

/** The page; `room` is the address of the stand-in, without a closing slash. */
export const page = (room: string): Answer => ({
  status: 200,
  headers: open,
  body: `<!doctype html><html lang="de"><meta charset="utf-8"><title>WhatsApp (Probebühne)</title>
<p>Hier läuft die Nachbildung von WhatsApp Web; bedient wird sie von einem Programm.
<script type="module" src="${room}/web/start.js"></script></html>`,
})

/** One of the page's scripts; undefined where there is none of this name. */
export const script = (name: string): Answer | undefined => {
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  if (text === undefined) return undefined
  return { status: 200, headers: { ...open, 'content-type': 'text/javascript; charset=utf-8' }, body: Buffer.from(text) }
}
