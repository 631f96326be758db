/** The two independent engines as programs: built once into the user's cache, asked line by line. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'chargelane',
  'oracles',
)
export type Engine = 'ocpi-tariffs' | 'ocpi-kit'

/** A failure the reader can act on; its message is what is printed. */
export class CannotRun extends Error {}

export const say = (text: string) => process.stdout.write(`${text}\n`)

/** Builds an engine once per source text into the user's cache and returns its program. */
export function build(engine: Engine): string {
  const folder = join(here, engine)
  const sources = ['Cargo.toml', 'Cargo.lock', join('src', 'main.rs')]
  const hash = createHash('sha256')
  for (const file of sources) hash.update(readFileSync(join(folder, file)))
  const built = hash.digest('hex')
  const program = join(cache, 'target', 'release', `oracle-${engine}`)
  const stamp = join(cache, `${engine}.sha256`)
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === built)
    return program
  say(`building ${engine}; the first time takes a few minutes`)
  mkdirSync(cache, { recursive: true })
  const cargo = spawnSync(
    'cargo',
    // The crates ask for a newer compiler than they need.
    ['build', '--release', '--locked', '--ignore-rust-version'],
    {
      cwd: folder,
      env: { ...process.env, CARGO_TARGET_DIR: join(cache, 'target') },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    },
  )
  if (cargo.error !== undefined)
    throw new CannotRun(
      'cargo was not found. The two engines are Rust crates: install Rust from https://rustup.rs and run this again.',
    )
  if (cargo.status !== 0) throw new CannotRun(`cargo could not build ${engine}:\n${cargo.stderr}`)
  writeFileSync(stamp, built)
  return program
}

/** One answer per line asked, in order. */
export async function ask(
  program: string,
  lines: readonly string[],
  options: readonly string[] = [],
): Promise<string[]> {
  const child = spawn(program, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  child.stdin.end(`${lines.join('\n')}\n`)
  const status = await ended
  const answers = Buffer.concat(chunks).toString('utf8').trim().split('\n')
  if (status !== 0 || answers.length !== lines.length)
    throw new CannotRun(
      `${program} ended with ${status} after ${answers.length} of ${lines.length} answers`,
    )
  return answers
}
