// COPY on a connection of `pg`, which knows the messages but has no call for them: whole tables out and in, as PostgreSQL writes them.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Client, Connection, Submittable } from 'pg'

interface Copying extends Submittable {
  handleCopyData(message: { readonly chunk: Buffer }): void
  handleCopyInResponse(connection: Connection & CopyIn): void
  handleError(error: Error): void
  handleReadyForQuery(): void
  handleCommandComplete(): void
}

interface CopyIn {
  readonly stream: Socket
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

const copying = (client: Client, text: string, how: Partial<Copying>): Promise<void> =>
  new Promise((resolve, reject) => {
    let failed = false
    const query: Copying = {
      submit: (connection) => connection.query(text),
      handleCopyData: () => {},
      handleCopyInResponse: (connection) => connection.sendCopyFail('not wanted'),
      handleCommandComplete: () => {},
      handleError: (error) => {
        failed = true
        reject(error)
      },
      handleReadyForQuery: () => {
        if (!failed) resolve()
      },
      ...how,
    }
    client.query(query)
  })

/** `COPY … TO STDOUT`: the lines, in pieces as they come; the server waits while `write` has a promise open. Rejects with its error. */
export const copyOut = async (client: Client, text: string, write: (piece: Buffer) => Promise<void> | undefined): Promise<void> => {
  let stream: CopyIn['stream'] | undefined
  let brokenOff: unknown
  await copying(client, text, {
    submit: (connection) => {
      stream = (connection as Connection & CopyIn).stream
      connection.query(text)
    },
    handleCopyData: ({ chunk }) => {
      // Copied, because the driver's reader moves what follows over it while it waits to be written.
      // What the server still sends after a failure is thrown away.
      const room = brokenOff === undefined ? write(Buffer.from(chunk)) : undefined
      if (room === undefined) return
      stream?.pause()
      void room
        .catch((error: unknown) => {
          brokenOff = error
        })
        .then(() => stream?.resume())
    },
  })
  if (brokenOff !== undefined) throw brokenOff
}

/** `COPY … FROM STDIN`: the lines, each with its line break. Rejects with the error of `lines` where they break off; nothing is kept then. */
export const copyIn = async (client: Client, text: string, lines: AsyncIterable<string>): Promise<void> => {
  let brokenOff: unknown
  const copied = copying(client, text, {
    handleCopyInResponse: (connection) => {
      void feed(connection, lines).then(
        () => connection.endCopyFrom(),
        (error: unknown) => {
          brokenOff = error
          connection.sendCopyFail('the lines broke off')
        },
      )
    },
  })
  await copied.catch((error: unknown) => {
    throw brokenOff ?? error
  })
}

/** Lines are gathered into messages of this size. */
const messageBytes = 65_536

const feed = async (connection: CopyIn, lines: AsyncIterable<string>): Promise<void> => {
  let gathered: string[] = []
  let length = 0
  const send = async (): Promise<void> => {
    connection.sendCopyFromChunk(Buffer.from(gathered.join('')))
    gathered = []
    length = 0
    if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain')
  }
  for await (const line of lines) {
    gathered.push(line)
    length += line.length
    if (length >= messageBytes) await send()
  }
  if (length > 0) await send()
}
