// A tiny HEVC encoder: one picture of flat blocks of 16 by 16, each written as it is (I_PCM). ITU-T H.265; the numbers are its sections.

/** Luma, blue difference, red difference. */
export type Colour = readonly [y: number, cb: number, cr: number]

export interface Nals {
  readonly vps: Buffer
  readonly sps: Buffer
  readonly pps: Buffer
  readonly picture: Buffer
}

/** At most 8 blocks: `blocks[row][column]`. */
export const anHevcPicture = (blocks: readonly (readonly Colour[])[]): Nals => {
  const [width, height] = [(blocks[0]?.length ?? 0) * 16, blocks.length * 16]
  return { vps: nal(32, vps()), sps: nal(33, sps(width, height)), pps: nal(34, pps()), picture: nal(19, slice(blocks.flat())) }
}

interface Bits {
  u(value: number, length: number): Bits
  /** Exp-Golomb (9.2). */
  ue(value: number): Bits
  /** A one, then zeros to the end of the byte. */
  stop(): Bits
  align(): Bits
  bytes(): Buffer
}

const bits = (): Bits => {
  const all: number[] = []
  const self: Bits = {
    u: (value, length) => {
      for (let at = length - 1; at >= 0; at--) all.push(Math.floor(value / 2 ** at) % 2)
      return self
    },
    ue: (value) => {
      const length = Math.floor(Math.log2(value + 1))
      return self.u(0, length).u(value + 1, length + 1)
    },
    stop: () => self.u(1, 1).align(),
    align: () => self.u(0, (8 - (all.length % 8)) % 8),
    bytes: () => Buffer.from(Array.from({ length: all.length / 8 }, (_, at) => Number.parseInt(all.slice(at * 8, at * 8 + 8).join(''), 2))),
  }
  return self
}

/** Two bytes of head (7.3.1.2), and a three wherever the content could be taken for a start code (7.4.2). */
const nal = (type: number, content: Buffer): Buffer => {
  const out: number[] = [type << 1, 1]
  let zeros = 0
  for (const byte of content) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Buffer.from(out)
}

/** Main Still Picture, level 1 (7.3.3). */
const profile = (to: Bits): Bits => to.u(3, 8).u(0x70000000, 32).u(0b1001, 4).u(0, 32).u(0, 12).u(30, 8)

const vps = (): Buffer =>
  profile(bits().u(0, 4).u(3, 2).u(0, 6).u(0, 3).u(1, 1).u(0xffff, 16)).u(1, 1).ue(0).ue(0).ue(0).u(0, 6).ue(0).u(0, 2).stop().bytes()

/** Blocks of 16 and nothing else; PCM of eight bits, not filtered (7.3.2.2). */
// biome-ignore format: a line each for what belongs together
const sps = (width: number, height: number): Buffer =>
  profile(bits().u(0, 4).u(0, 3).u(1, 1))
    .ue(0).ue(1).ue(width).ue(height).u(0, 1).ue(0).ue(0).ue(0)
    .u(1, 1).ue(0).ue(0).ue(0)
    .ue(1).ue(0).ue(0).ue(2).ue(0).ue(0)
    .u(0, 3).u(1, 1).u(7, 4).u(7, 4).ue(1).ue(0).u(1, 1)
    .ue(0).u(0, 5).stop().bytes()

/** No deblocking (7.3.2.3). */
// biome-ignore format: a line each for what belongs together
const pps = (): Buffer =>
  bits()
    .ue(0).ue(0).u(0, 2).u(0, 3).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).ue(0).ue(0).u(0, 7)
    .u(1, 1).u(0, 1).u(1, 1).u(0, 2).ue(0).u(0, 2).stop().bytes()

/** LPS ranges of the first states at the widest quarter (table 9-52): all that a picture of eight blocks comes to. */
const leastProbable = [240, 227, 216, 205, 195, 185, 175, 166]

const slice = (blocks: readonly Colour[]): Buffer => {
  const to = bits().u(1, 1).u(0, 1).ue(0).ue(2).ue(0).stop()
  let coder = arithmetic(to)
  blocks.forEach(([y, cb, cr], at) => {
    coder.probable(leastProbable[at] ?? 0) // part_mode: undivided
    coder.end(true) // pcm_flag
    to.align()
    for (const [value, count] of [
      [y, 256],
      [cb, 64],
      [cr, 64],
    ] as const)
      for (let n = 0; n < count; n++) to.u(value, 8)
    coder = arithmetic(to)
    coder.end(at === blocks.length - 1) // end_of_slice_segment_flag
  })
  return to.align().bytes()
}

/** The arithmetic coder of 9.3.4, as far as it is needed: the probable value, and the two ends. */
const arithmetic = (to: Bits) => {
  let [low, range, first, outstanding] = [0, 510, true, 0]
  const put = (bit: number): void => {
    if (!first) to.u(bit, 1)
    first = false
    for (; outstanding > 0; outstanding--) to.u(1 - bit, 1)
  }
  const renormalise = (): void => {
    for (; range < 256; range *= 2, low *= 2) {
      if (low < 256) put(0)
      else if (low >= 512) {
        low -= 512
        put(1)
      } else {
        low -= 256
        outstanding++
      }
    }
  }
  return {
    probable: (least: number): void => {
      range -= least
      renormalise()
    },
    end: (now: boolean): void => {
      range -= 2
      if (now) {
        low += range
        range = 2
      }
      renormalise()
      if (!now) return
      put((low >> 9) & 1)
      to.u(((low >> 7) & 3) | 1, 2)
    },
  }
}
