// Types of programs.mjs, which is plain JavaScript because it runs before anything is installed.
export interface Program {
  readonly names: readonly string[]
  readonly folder: string
}
export const root: string
export const dataFolder: () => string
export const wanted: { readonly redis: Program; readonly chromium: Program }
export const ffprobe: Program
export const findProgram: (program: Program) => string | undefined
