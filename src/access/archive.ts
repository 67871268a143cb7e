// A folder as one stream of bytes and back: regular files alone, each as the length of its path, its path, its size and its content.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

const lengthBytes = 4

/** Everything below the folder, in no special order; links and sockets are left out. */
export async function* packed(folder: string): AsyncGenerator<Buffer> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const content = await readFile(file)
    const path = Buffer.from(relative(folder, file).split(sep).join('/'))
    yield Buffer.concat([lengthOf(path), path, lengthOf(content)])
    yield content
  }
}

/** Puts the files of such a stream below the folder. @throws Error for a stream that breaks off or names a place elsewhere */
export const unpack = async (stream: AsyncIterable<Buffer>, folder: string): Promise<void> => {
  const reader = readerOf(stream)
  for (;;) {
    const length = await reader.take(lengthBytes, true)
    if (length === undefined) return
    const path = (await reader.must(length.readUInt32BE())).toString()
    const content = await reader.must((await reader.must(lengthBytes)).readUInt32BE())
    const file = join(folder, path)
    if (relative(folder, file).startsWith('..')) throw new Error('the archive names a place outside of its folder')
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, content, { mode: 0o600 })
  }
}

const lengthOf = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(bytes.length)
  return length
}

/** Takes so many bytes at a time off a stream. */
const readerOf = (stream: AsyncIterable<Buffer>) => {
  const source = stream[Symbol.asyncIterator]()
  let chunks: Buffer[] = []
  let there = 0
  /** Undefined where the stream ends before the first of these bytes. */
  const take = async (wanted: number, mayEnd = false): Promise<Buffer | undefined> => {
    while (there < wanted) {
      const { value, done } = await source.next()
      if (done && mayEnd && there === 0) return undefined
      if (done) throw new Error('the archive breaks off')
      chunks.push(value)
      there += value.length
    }
    const all = Buffer.concat(chunks)
    chunks = [all.subarray(wanted)]
    there -= wanted
    return all.subarray(0, wanted)
  }
  const must = async (wanted: number): Promise<Buffer> => (await take(wanted)) as Buffer
  return { take, must }
}
