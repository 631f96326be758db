// What a linter cannot say about this repository: rules of the house that hold across files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { errorCodes } from '@chargelane/openapi/vocabulary/errors'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const roots = ['openapi/src', 'sdk/src', 'db/src', 'workflows', 'apps']
const skipped = /node_modules|\/generated\/|\/dist\//

const files = roots
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file),
    ),
  )
  .filter((file) => file.endsWith('.ts') && !skipped.test(file))
const text = new Map(files.map((file) => [file, read(file)]))
const mentions = placesThatName()
const sources = [...text].filter(([file]) => !/\.(test|fake)\.ts$/.test(file))
const sourceNames = new Set(sources.map(([file]) => file))

/** The files where a pattern occurs, with the line, so that a failure says where to look. */
const found = (pattern: RegExp, within = sources) =>
  within.flatMap(([file, content]) =>
    content
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
      ),
  )

const isCode = (line: string) => !/^\s*(\/\/|\/?\*|$)/.test(line)

const isLong = ([file, content]: [string, string]) => {
  const lines = content.trimEnd().split('\n')
  return (sourceNames.has(file) ? lines : lines.filter(isCode)).length > 500
}

describe('the house', () => {
  test('knows countries as data only: no code asks which country it is in', () => {
    const outside = sources.filter(([file]) => !file.startsWith('workflows/rules/src/markets/'))
    expect(found(/country\w*\s*[!=]==\s*'[A-Z]{2}'/i, outside)).toEqual([])
    expect(found(/'[A-Z]{2}'\s*[!=]==\s*[\w.]*country/i, outside)).toEqual([])
    expect(found(/\bcase '[A-Z]{2}':/, outside)).toEqual([])
  })

  test('lets nobody read on for more than 500 lines: of a source in all, of a test in code', () => {
    expect([...text].filter(isLong).map(([file]) => file)).toEqual([])
  })

  test('lists at most 25 entries in a folder of sources', () => {
    const entries = new Map<string, Set<string>>()
    for (const file of files) {
      const parts = file.split('/')
      for (let depth = 1; depth < parts.length; depth++) {
        const folder = parts.slice(0, depth).join('/')
        entries.set(folder, (entries.get(folder) ?? new Set()).add(parts[depth] ?? ''))
      }
    }
    const wide = [...entries].filter(([, names]) => names.size > 25)
    expect(wide.map(([folder, names]) => `${folder} ${names.size}`)).toEqual([])
  })

  test('gives every TODO the number of its issue', () => {
    expect(found(/\bTODO\b(?! \(#\d+\))/)).toEqual([])
  })

  test('has no test that sleeps or times itself: what is awaited is polled, and silence is fake time', () => {
    const tests = [...text].filter(([file]) => /(?<!\/tidy)\.test\.ts$/.test(file))
    const clocks = [
      /timers\/promises'/,
      /\bperformance\.now\(/,
      /=> setTimeout\(\w+/,
      /vi\.wait(For|Until)\(/,
    ]
    expect(clocks.flatMap((clock) => found(clock, tests))).toEqual([])
  })

  test('waits and reads the time through one verb, so that an account can be moved in time', () => {
    const corridor = sources.filter(
      ([file]) =>
        file.startsWith('workflows/corridor/src/') &&
        !/\/(testing|worker)\/|\/clock\/clock\.ts$/.test(file),
    )
    expect(found(/\b(sleep|condition)\(/, corridor)).toEqual([])
    // The world outside is not moved: a bank's or a publisher's answer is as old as it is.
    const outward = /\/(stripe|ecb)\.ts$/
    const house = corridor.filter(([file]) => !outward.test(file))
    const api = sources.filter(([file]) => /^apps\/api\/src\/(routes|session|views)\//.test(file))
    expect(found(/\bDate\.now\(\)|\bnew Date\(\)/, [...house, ...api])).toEqual([])
    // An event leaves at once, and an entry says when it was really written down.
    const recorders = /\/(outbox\/outbox|schema\/ledger)\.ts$/
    const queries = sources.filter(
      ([file]) => /^db\/src\/(queries|schema|views)\//.test(file) && !recorders.test(file),
    )
    const machineTime =
      /(?<![.\w])now\(\)|current_timestamp|clock_timestamp|defaultNow|Date\.now\(\)/
    expect(found(machineTime, queries)).toEqual([])
  })

  test('keeps no file that nothing reaches', () => {
    const exported = exportedFiles()
    const isReached = (file: string) => {
      const name = file.split('/').at(-1) ?? file
      const named = new RegExp(`['"\`/]${name.replaceAll('.', '\\.')}`)
      return (
        exported.has(file) ||
        /\.(test|proof|journey|peers|typetest|config|d)\.ts$/.test(file) ||
        [...mentions].some(([other, content]) => other !== file && named.test(content))
      )
    }
    expect(files.filter((file) => !isReached(file))).toEqual([])
  })
})

describe('every error code', () => {
  test('has a text for drivers in German and in English', () => {
    const texts = [...text]
      .filter(([file]) => file.startsWith('openapi/src/vocabulary/driver-texts/'))
      .map(([, content]) => content)
    expect(texts.length).toBeGreaterThanOrEqual(2)
    for (const code of Object.keys(errorCodes))
      expect(
        texts.filter((content) => content.includes(`${code}:`)).length,
        code,
      ).toBeGreaterThanOrEqual(2)
  })
})

/** Every place that may name a file: sources, tests, commands, manifests and configurations. */
function placesThatName(): Map<string, string> {
  const names = new Set([
    'package.json',
    'docker-compose.yml',
    'drizzle.config.ts',
    'Dockerfile',
    'page.ts',
  ])
  const folders = [
    '',
    '.config',
    '.docker',
    '.ci',
    'openapi',
    'sdk',
    'sdk/bin',
    'db',
    'workflows/rules',
    'workflows/corridor',
  ]
  const apps = readdirSync(join(root, 'apps')).map((app) => `apps/${app}`)
  const extra = [...folders, ...apps].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && (names.has(entry.name) || /\.(mjs|config\.ts)$|^run$/.test(entry.name)),
      )
      .map((entry) => join(folder, entry.name)),
  )
  return new Map([...text, ...extra.map((file) => [file, read(file)] as const)])
}

/** What packages export, from their package.json, with `*` written out. */
function exportedFiles(): Set<string> {
  const packages = ['openapi', 'sdk', 'db', 'workflows/rules', 'workflows/corridor']
  const exported = packages.flatMap((name) => {
    const manifest = JSON.parse(read(`${name}/package.json`)) as {
      exports?: Record<string, string>
    }
    return Object.values(manifest.exports ?? {}).flatMap((path) => {
      const pattern = join(name, path).replaceAll('.', '\\.').replace('*', '.+')
      return files.filter((file) => new RegExp(`^${pattern}$`).test(file))
    })
  })
  return new Set(exported)
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
