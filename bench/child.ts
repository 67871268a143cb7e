// A worker process of the bench as its parent sees it: ready, asked, answered, ended.
import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import { end } from './ground.ts'

export interface Child extends AsyncDisposable {
  /** Sends a question and waits for its answer. Rejects when the process ends first. */
  ask<T>(question: object): Promise<T>
}

/**
 * Starts `bench/<program>` with `wish` as its argument, and waits until it says that it is ready.
 * @param profile a folder for a CPU profile of its whole life; null: none
 */
export const startChild = async (program: string, wish: object, profile: string | null): Promise<Child> => {
  const child = fork(resolve(import.meta.dirname, program), [JSON.stringify(wish)], {
    execArgv: ['--expose-gc', ...(profile === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profile, '--cpu-prof-name', nameOf(program)])],
  })
  await answerOf(child)
  return {
    ask: async <T>(question: object): Promise<T> => {
      const answer = answerOf(child)
      child.send(question)
      return (await answer) as T
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}

const nameOf = (program: string): string => `${program.replace('.ts', '')}-${Date.now()}.cpuprofile`

const answerOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((done, fail) => {
    const ended = (code: number | null): void => fail(new Error(`a worker of the bench ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      done(answer)
    })
  })
