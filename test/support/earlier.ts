// The code as it was before the newest migration, taken from git into a folder: what still runs while a new version starts.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const folder = 'src/store/migrations'

export interface Earlier {
  /** Where it stands; its `src/cli.ts` runs. */
  readonly path: string
  readonly commit: string
  /** Names of its migrations. */
  readonly migrations: readonly string[]
  [Symbol.dispose](): void
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

const migrationsAt = (commit: string): readonly string[] =>
  git('ls-tree', '--name-only', commit, `${folder}/`)
    .split('\n')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(folder.length + 1, -3))

/** False where a migration was still being written: no released version has it in that form. */
const isReleasedForm = (commit: string): boolean => {
  const blobsAt = (tree: string): readonly string[] => git('ls-tree', tree, `${folder}/`).split('\n')
  const now = new Set(blobsAt('HEAD'))
  return blobsAt(commit).every((blob) => now.has(blob))
}

/** The newest commit with fewer migrations than there are now, all of them as they are now; a sentence where the history does not reach that far. */
export const earlierCommit = (): { readonly commit: string } | { readonly missing: string } => {
  try {
    const added = git('log', '--diff-filter=A', '--format=%H', '--', folder).split('\n').filter(Boolean)
    for (const commit of added) {
      const parent = git('rev-parse', '--verify', '--quiet', `${commit}^`)
      if (migrationsAt(parent).length > 0 && isReleasedForm(parent)) return { commit: parent }
    }
    return { missing: 'the history has no commit with fewer migrations' }
  } catch (error) {
    return {
      missing: `no git history reaches back before the newest migration: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    }
  }
}

/** Lays the earlier code out beside the tree, with the same packages. */
export const layEarlier = (commit: string): Earlier => {
  const path = mkdtempSync(join(tmpdir(), 'rundruf-earlier-'))
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 100_000_000 })
  execFileSync('tar', ['-x', '-C', path], { input: archive })
  if (!existsSync(join(path, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  return { path, commit, migrations: migrationsAt(commit), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
