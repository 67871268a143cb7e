// How the stand-in page reaches the lab: what the real page does over its socket goes over HTTP here, in requests that need no preflight.

const base = new URL('..', import.meta.url)

/** An answer that says no; `status` is the platform's own number. */
export class ServerStatusCodeError extends Error {
  name = 'ServerStatusCodeError'
  constructor(status) {
    super(`ServerStatusCodeError ${status}`)
    this.status = status
  }
}

/** The device's own token; it lies where the real page keeps its keys: in the profile of the browser. */
export const device = {
  get token() {
    return localStorage.getItem('device')
  },
  set token(token) {
    if (token === null) localStorage.removeItem('device')
    else localStorage.setItem('device', token)
  },
}

/** One call below the room: an object of JSON, or an error. */
export const ask = async (method, path, { query = {}, body } = {}) => {
  const url = new URL(path, base)
  url.search = new URLSearchParams({ ...query, device: device.token ?? '' })
  // kept out of the cache: it would let a question wait for an earlier one that is never answered
  const answer = await fetch(url, { method, cache: 'no-store', ...(body !== undefined && { body }) })
  if (!answer.ok) throw new ServerStatusCodeError(answer.status)
  return answer.json()
}
