// How Chromium is started for one account: bounded in memory, without our environment, and for a rehearsal without a way out.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { isExitClosed } from '../../src/connector/exit.ts'
import { send } from '../../src/connector/http.ts'
import { officialBase } from './settings.ts'

/** JavaScript of the page, in megabytes; with everything around it Chromium takes some 400. */
const heapMegabytes = 512
const cacheBytes = 50_000_000
/** The longest page that is shown in WhatsApp's place. */
const pageBytes = 5_000_000
const pageName = 'page'

const always = [
  `--js-flags=--max-old-space-size=${heapMegabytes}`,
  `--disk-cache-size=${cacheBytes}`,
  '--renderer-process-limit=1',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-breakpad',
  '--mute-audio',
  '--no-first-run',
  '--no-default-browser-check',
]

/** No name is resolved, and the page may speak to this machine, which pages from elsewhere may not. */
const fenced = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--disable-features=LocalNetworkAccessChecks']

export interface BrowserWish {
  readonly chromium: string | undefined
  /** The opened vault. */
  readonly folder: string
  readonly base: string
}

/** Options of puppeteer. The process belongs to us: no signal of the house ends it behind our back. @throws ChannelError without a Chromium */
export const browserOptions = ({ chromium, folder, base }: BrowserWish): object => {
  if (chromium === undefined)
    throw new ChannelError('Für WhatsApp braucht es hier ein Chromium (Debian: `apt install chromium`); bis dahin hilft `by: hand`.')
  return {
    headless: true,
    executablePath: chromium,
    userDataDir: profileIn(folder),
    args: [
      ...always,
      ...(base === officialBase && !isExitClosed() ? [] : fenced),
      // root may not have the sandbox, and nobody else should be without it
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    // what stands in ours is no business of a page from elsewhere
    env: { HOME: folder, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'de_DE.UTF-8' },
    protocolTimeout: 120_000,
    timeout: 30_000,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  }
}

const profileIn = (folder: string): string => join(folder, 'profile')

/**
 * Which page the library shows: WhatsApp's own, newest one, or what stands at `base`, through the library's cache of web versions.
 * @throws UnreachableError when nothing does
 */
export const pageOptions = async (base: string, folder: string, signal: AbortSignal): Promise<object> => {
  if (base === officialBase) return { webVersionCache: { type: 'none' } }
  const answer = await send({ method: 'GET', url: `${base}/`, kind: 'read', signal, maxBytes: pageBytes })
  if (answer.status !== 200) throw new UnreachableError(`Die Seite ${base} antwortet ${answer.status}.`)
  const path = join(folder, 'page')
  await mkdir(path, { recursive: true })
  await writeFile(join(path, `${pageName}.html`), answer.text)
  return { webVersion: pageName, webVersionCache: { type: 'local', path, strict: true } }
}

/** What makes up the linked device; all else in a profile is made anew by the browser. */
const kept: ReadonlySet<string> = new Set(['IndexedDB', 'Local Storage', 'Network', 'Service Worker', 'Preferences', 'Secure Preferences'])

/** Throws away caches before the folder is sealed; a profile whose device was unlinked goes altogether. */
export const tidy = async (folder: string, linked: boolean): Promise<void> => {
  await Promise.all(['page', ...(await others(folder, ['profile']))].map((name) => remove(join(folder, name))))
  if (!linked) return remove(profileIn(folder))
  const profile = profileIn(folder)
  const inside = join(profile, 'Default')
  await Promise.all((await others(profile, ['Default', 'Local State'])).map((name) => remove(join(profile, name))))
  await Promise.all((await others(inside, [...kept])).map((name) => remove(join(inside, name))))
}

const others = async (folder: string, spared: readonly string[]): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => !spared.includes(name))

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
