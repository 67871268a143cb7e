// Signing in on the stand-in page: unpaired with a QR code or a pairing code, connected, logged out from outside, frozen.
import { ask, device } from './lab.js'
import { Emitter, Wid } from './models.js'
import { loadOwnNewsletters } from './newsletters.js'

/** Between two looks at the lab, in milliseconds. */
const watchMs = 250

export const Cmd = new Emitter()
export const Conn = Object.assign(new Emitter(), {
  ref: '',
  platform: 'android',
  pushname: '',
  serialize: () => ({ pushname: Conn.pushname, platform: Conn.platform, ref: Conn.ref }),
})
export const Socket = Object.assign(new Emitter(), {
  state: 'OPENING',
  hasSynced: false,
  async logout() {
    await ask('POST', 'session/logout')
    loggedOut()
  },
})

/** What the device calls itself; whatsapp-web.js puts its own name in before the page connects. */
export const browser = { info: () => ({ os: 'Linux', name: 'Chrome' }) }

let account = null

/** The linked account; undefined before. */
export const me = () => account && new Wid(`${account}@c.us`)

const setState = (state) => {
  if (Socket.state === state) return
  Socket.state = state
  Socket.emit('change:state', Socket, state)
}

export const loggedOut = () => {
  device.token = null
  account = null
  setState('UNPAIRED')
}

let begun = false

/** Connects as soon as somebody asks for the socket: by then the device has its name. */
export const begin = () => {
  if (begun) return
  begun = true
  void connect()
}

const connect = async () => {
  try {
    await heard(await ask('POST', 'session', { body: JSON.stringify({ name: browser.info().os }) }))
    setInterval(() => void watch(), watchMs)
  } catch {
    setTimeout(() => void connect(), watchMs)
  }
}

const watch = async () => {
  try {
    await heard(await ask('GET', 'session'))
  } catch (error) {
    if (error.status === 401 && account !== null) loggedOut()
  }
}

const heard = async ({ token, ref, linked, frozen }) => {
  // the page's one thread is busy for ever: no call from outside is answered any more
  if (frozen) for (;;);
  device.token = token
  if (linked !== null && account === null) await paired(linked)
  if (linked === null && account !== null) loggedOut()
  if (linked === null) {
    setState('UNPAIRED')
    if (ref !== Conn.ref) {
      Conn.ref = ref
      Conn.emit('change:ref', Conn, ref)
    }
  }
}

const paired = async ({ number, name }) => {
  account = number
  Conn.pushname = name
  await loadOwnNewsletters()
  setState('CONNECTED')
  synced()
}

/** The real page takes seconds for this; the library listens from a moment later on. */
const synced = () => {
  if (!Socket.hears('change:hasSynced')) return setTimeout(synced, 20)
  Socket.hasSynced = true
  return Socket.emit('change:hasSynced', Socket, true)
}

export const pairingCode = async (phone) => (await ask('POST', 'session/code', { body: JSON.stringify({ phone }) })).code
