// The boxes of which MP4, MOV and HEIC are made (ISO/IEC 14496-12, 4.2): a length, four letters, content; read one head at a time.

/** Where bytes come from: a file, or memory. */
export interface Source {
  readonly size: number
  /** Fewer bytes than asked for only at the end. */
  read(at: number, length: number): Promise<Buffer>
}

export interface Box {
  readonly type: string
  /** Where its head begins, where its content begins, and where the next one begins. */
  readonly at: number
  readonly content: number
  readonly end: number
}

/** No honest file has more boxes side by side. */
const most = 10_000

/** The boxes from `from` to `to`. Throws where one reaches beyond: the file is broken off. */
export const boxesIn = async (source: Source, from: number, to: number): Promise<readonly Box[]> => {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= to && boxes.length < most; at = boxes.at(-1)?.end ?? to) {
    const head = await source.read(at, 16)
    const short = head.readUInt32BE(0)
    const content = at + (short === 1 ? 16 : 8)
    const end = short === 0 ? to : at + (short === 1 ? Number(head.readBigUInt64BE(8)) : short)
    if (end < content || end > to) throw new Error(`a box at ${at} reaches from ${content} to ${end} of ${to}`)
    boxes.push({ type: head.toString('latin1', 4, 8), at, content, end })
  }
  return boxes
}

/** The boxes within the first one of this type; none where there is none. */
export const boxesWithin = async (source: Source, boxes: readonly Box[], type: string, skip = 0): Promise<readonly Box[]> => {
  const box = boxes.find((one) => one.type === type)
  return box === undefined ? [] : boxesIn(source, box.content + skip, box.end)
}

export const inMemory = (bytes: Uint8Array): Source => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { size: all.length, read: async (at, length) => all.subarray(at, at + length) }
}
