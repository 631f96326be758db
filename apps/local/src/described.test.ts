// What is written for readers is so: commands, paths, operations and variables are there under the names they are given.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { searchAttributes } from '@chargelane/corridor/contract'
import { operations } from '@chargelane/openapi'
import { z } from 'zod'
import { root } from './config.ts'

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

test('every variable a process reads is explained in .env.example', () => {
  const example = read('.env.example')
  const sources = globSync('{db,workflows,apps/*}/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.includes('.test.') && !file.includes('.peers.') && !file.includes('testing'),
  )
  // Where a machine keeps its own things, and what only tests read.
  const fromSystem = new Set([
    'PATH',
    'XDG_CACHE_HOME',
    'CARGO_HOME',
    'CHROMIUM',
    'JOURNEY_STACK',
    'JOURNEY_KEEP',
  ])
  const names = sources.flatMap((file) => {
    const text = read(file)
    const direct = [...text.matchAll(/process\.env(?:\.|\[')([A-Z][A-Z0-9_]+)/g)]
    const schema = /zEnvironment = z\.object\(\{([^]*?)\n\}\)/.exec(text)?.[1] ?? ''
    const validated = [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)]
    return [...direct, ...validated].map(([, name]) => name ?? '')
  })
  const unexplained = [...new Set(names)].filter(
    (name) =>
      !fromSystem.has(name) &&
      !name.startsWith('TEST_') &&
      !new RegExp(`^#?${name}=`, 'm').test(example),
  )
  expect(names.length).toBeGreaterThan(40)
  expect(unexplained).toEqual([])
})

test('docker-compose creates the search attributes that the workflows set', () => {
  const created = [...read('.docker/temporal-namespace.sh').matchAll(/^ {2}(\w+)=(\w+)/gm)].map(
    ([, name, type]) => `${name} ${type?.toUpperCase()}`,
  )
  const wanted = Object.values(searchAttributes).map(({ name, type }) => `${name} ${type}`)
  expect(created.toSorted()).toEqual(wanted.toSorted())
})

test('docker-compose passes only variables that .env.example explains', () => {
  const example = read('.env.example')
  const used = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(
    ([, name]) => name ?? '',
  )
  expect(used.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([])
})

test('docker-compose names its images by exact tag and publishes nothing beyond the loopback address unless told', () => {
  const compose = read('docker-compose.yml')
  const images = [...compose.matchAll(/^\s+image: (\S+)$/gm)].map(([, image]) => image ?? '')
  const node = /^ARG NODE_IMAGE=(\S+)$/m.exec(read('.docker/Dockerfile'))?.[1] ?? ''
  const exact = /:(?:\$\{[A-Z_]+:-)?\d+\.\d+(?:\.\d+)?(?:-[\w-]+)?\}?$/
  expect(images.length).toBeGreaterThan(4)
  expect(
    [...images, node].filter((image) => !image.startsWith('chargelane:') && !exact.test(image)),
  ).toEqual([])
  const ports = [...compose.matchAll(/^\s+ports: \['([^']+)'\]$/gm)].map(([, port]) => port ?? '')
  const bound = /^(?:\$\{CHARGELANE_BIND:-127\.0\.0\.1\}|127\.0\.0\.1):/
  expect(ports.length).toBe([...compose.matchAll(/^\s+ports:/gm)].length)
  expect(ports.filter((port) => !bound.test(port))).toEqual([])
})

const pages = ['README.md', '.github/CONTRIBUTING.md', 'openapi/CHANGELOG.md', 'sdk/CHANGELOG.md']
const manuals = pages.slice(0, 2)

/** Every match of a pattern's first group, with the page it is on. */
const said = (pattern: RegExp, on = pages) =>
  on.flatMap((page) =>
    [...read(page).matchAll(pattern)].map(([, found]) => ({ page, found: found ?? '' })),
  )

test('every command of the pages is one', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json')))
  const commands = said(/\bnpm (?:run (?:-s )?)?(start|test(?::\w+)?|(?<=run (?:-s )?)[\w:]+)\b/g)
  expect(commands.length).toBeGreaterThan(8)
  expect(commands.filter(({ found }) => scripts[found] === undefined && found !== 'build')).toEqual(
    [],
  )
  const help = read('apps/local/src/main.ts')
  const flags = said(/\bnpm start -- (--[\w-]+)/g)
  expect(flags.filter(({ found }) => !help.includes(`npm start -- ${found}`))).toEqual([])
})

const shape = (path: string) => path.replaceAll(/\{\w+\}/g, '{}')

test('every operation and call that the pages name exists', () => {
  const known = new Set(operations.map((op) => `${op.method.toUpperCase()} ${shape(op.path)}`))
  const named = said(/\b((?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/{}:.-]+)/g)
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter(({ found }) => !known.has(shape(found.replace(/[.:]$/, ''))))).toEqual([])
  const ids = new Set<string>(operations.map(({ id }) => id))
  const extras = new Set(['sessions.stream', 'sessions.waitFor'])
  const calls = said(/\blane\.(\w+\.\w+)\(/g, manuals)
  expect(calls.filter(({ found }) => !ids.has(found) && !extras.has(found))).toEqual([])
})

test('every file and folder that the manuals name exists', () => {
  const paths = said(/`((?:\.?[\w-]+\/)[\w./-]*|[\w-]+\.(?:md|json|yml))`/g, manuals)
  // Made by a start, by a bench and by a build.
  const made = /^(\.local|\.bench|sdk\/dist)\b/
  const missing = paths.filter(({ found }) => !made.test(found) && !isThere(found))
  expect(paths.length).toBeGreaterThan(10)
  expect(missing).toEqual([])
})

/** By its path, or by its own name anywhere among the sources. */
function isThere(path: string): boolean {
  if (existsSync(join(root, path))) return true
  const within = globSync(
    `{openapi,sdk,db,workflows/*,apps/*}/{,src/,src/**/}${path.replace(/\/$/, '')}`,
    {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    },
  )
  return within.length > 0
}
