// What a run of one test file says about a fault, read from its TAP lines: only a test that failed has noticed it.

export type Verdict =
  | { readonly red: false }
  /** `by`: the name of the test that failed. */
  | { readonly red: true; readonly by: string }
  /** It says nothing: no test ran to its end. `because`: what happened instead. */
  | { readonly red: null; readonly because: string }

export interface Reading {
  /** True once a test has failed: nothing more need be read. */
  read(line: string): boolean
  /** When the run has ended, with its code or null where it was killed. */
  verdict(code: number | null): Verdict
}

/** `file`: as the run was told; Node reports what breaks outside of every test under this name. */
export const readRun = (file: string): Reading => {
  let passed = 0
  let by: string | undefined
  let broken = false
  return {
    read: (line) => {
      const [, not, name = ''] = /^\s*(not )?ok \d+ - (.*)/.exec(line) ?? []
      if (name === '' || line.includes('# SKIP')) return by !== undefined
      if (name === file) broken ||= not !== undefined
      else if (not === undefined) passed++
      else by ??= name
      return by !== undefined
    },
    verdict: (code) => {
      if (by !== undefined) return { red: true, by }
      if (broken) return { red: null, because: 'the file broke outside of its tests' }
      if (passed === 0) return { red: null, because: 'no test ran' }
      return code === 0 ? { red: false } : { red: null, because: `it ended with ${code}` }
    },
  }
}
