// The building blocks of the stand-in page, shaped as whatsapp-web.js 1.34.7 touches them: events, ids, messages, collections.

export class Emitter {
  #heard = new Map()

  on(names, act) {
    for (const name of names.split(' ')) this.#heard.set(name, [...(this.#heard.get(name) ?? []), act])
  }

  once(name, act) {
    const first = (...facts) => {
      this.off(name, first)
      act(...facts)
    }
    this.on(name, first)
  }

  off(name, act) {
    this.#heard.set(
      name,
      (this.#heard.get(name) ?? []).filter((one) => one !== act),
    )
  }

  hears(name) {
    return (this.#heard.get(name) ?? []).length > 0
  }

  emit(name, ...facts) {
    for (const act of this.#heard.get(name) ?? []) act(...facts)
  }
}

/** The id of an account or a channel: `4930…@c.us`, `1203…@newsletter`. */
export class Wid {
  constructor(serialized) {
    this._serialized = serialized
    ;[this.user, this.server] = serialized.split('@')
  }

  toJid() {
    return this._serialized
  }

  toString() {
    return this._serialized
  }

  isLid() {
    return this.server === 'lid'
  }
}

export class MsgKey {
  constructor({ to, id, selfDir }) {
    this.fromMe = selfDir === 'out'
    this.remote = to
    this.id = id
    this._serialized = `${this.fromMe}_${to}_${id}`
  }

  static async newId() {
    return `3EB0${[...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`.toUpperCase()
  }
}

/** One message; `serverId` is there only once the other side has taken it. */
export class Msg {
  constructor(fields) {
    Object.assign(this, fields)
  }

  avParams() {
    return { mimetype: this.mimetype }
  }

  updateAck(ack) {
    this.ack = ack
    messages.emit('change:ack', this, ack)
  }

  serialize() {
    const { id, ...fields } = this
    const remote = { server: id.remote.server, user: id.remote.user, _serialized: id.remote._serialized }
    return { ...JSON.parse(JSON.stringify(fields)), id: { fromMe: id.fromMe, id: id.id, remote, _serialized: id._serialized } }
  }
}

export class Collection extends Emitter {
  #models = new Map()
  modelClass = Msg

  add(model) {
    this.#models.set(model.id._serialized, model)
    this.emit('add', model)
  }

  get(id) {
    return this.#models.get(id?._serialized ?? id)
  }

  async find(id) {
    return this.get(id)
  }

  getModelsArray() {
    return [...this.#models.values()]
  }

  async getMessagesById(ids) {
    return { messages: ids.flatMap((id) => this.get(id) ?? []) }
  }
}

/** Every message of every channel. */
export const messages = new Collection()
