import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { searchAttributes } from '@chargelane/corridor/contract'
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
