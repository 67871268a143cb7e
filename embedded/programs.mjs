// Where programs are that npm does not bring: on the PATH, or unpacked below the data directory by the set-up.
import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's own folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the running house keeps its data. */
export const dataFolder = () => resolve(root, process.env.RUNDRUF_DATA || 'data')

/** Programs that the set-up may have to fetch: their names, best first, and the folder below the data directory for them. */
export const wanted = {
  redis: { names: ['redis-server', 'valkey-server'], folder: 'redis-bin' },
  chromium: { names: ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'], folder: 'chromium-bin' },
}

/** Looks at videos; whoever has it brings it along. */
export const ffprobe = { names: ['ffprobe'], folder: 'ffmpeg-bin' }

/** The full path of the first of the program's names that is there, or undefined. */
export const findProgram = ({ names, folder }) => {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), join(dataFolder(), folder)]
  return names.flatMap((name) => folders.map((place) => join(place, name))).find((program) => existsSync(program))
}
