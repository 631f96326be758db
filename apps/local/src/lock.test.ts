import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'

const zLock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      integrity: z.string().optional(),
      inBundle: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

const lockFile = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))
const packages = Object.entries(zLock.parse(JSON.parse(readFileSync(lockFile, 'utf8'))).packages)

test('the lock names every optional package of every dependency, so that npm ci works on every platform', () => {
  const locked = new Set(
    packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)),
  )
  const missing = packages.flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !locked.has(name))
      .map((name) => `${path} needs ${name}`),
  )
  expect(missing).toEqual([])
})

test('the lock names no registry, so that everyone installs from their own', () => {
  const bound = packages.filter(([, { resolved, link }]) => !link && resolved?.startsWith('http'))
  expect(bound.map(([path]) => path)).toEqual([])
})

test('every locked package is held to its content', () => {
  const unverified = packages.filter(
    ([path, { link, integrity, inBundle }]) =>
      path.includes('node_modules/') && !link && !inBundle && !integrity,
  )
  expect(unverified.map(([path]) => path)).toEqual([])
})
