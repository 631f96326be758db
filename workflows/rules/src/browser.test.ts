// The rules once more where nothing is Node's: every export is bundled as a browser would get it, and every suite that
// reads no file runs in a context of its own that has the language and a browser's text functions, nothing else.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const here = fileURLToPath(new URL('.', import.meta.url))
const zPackage = z.object({
  exports: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
})
const manifest = zPackage.parse(JSON.parse(readFileSync(join(here, '../package.json'), 'utf8')))
const vitest = { afterAll, beforeAll, beforeEach, describe, expect, test }

/** One script of these modules; what only Node has cannot be resolved and fails the build. */
async function scriptOf(modules: readonly string[]): Promise<string> {
  const entry = 'virtual:entry'
  const bundle = await rolldown({
    input: entry,
    cwd: here,
    platform: 'browser',
    external: ['vitest'],
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? modules.map((path) => `export * from ${JSON.stringify(join(here, path))}`).join('\n')
            : undefined,
      },
    ],
    onLog(level, log, next) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      if (level !== 'warn') next(level, log)
    },
  })
  const { output } = await bundle.generate({
    format: 'iife',
    name: 'bundled',
    globals: { vitest: 'vitest' },
  })
  await bundle.close()
  return output[0].code
}

/** Runs a script where Node is not; the answer is that of its last expression. */
function run(script: string, more: Record<string, unknown> = {}): unknown {
  // Bytes are of one realm with the encoder that makes them, as on any page.
  const context = createContext({ TextDecoder, TextEncoder, Uint8Array, atob, ...more })
  expect(runInContext('typeof process + typeof require + typeof Buffer', context)).toBe(
    'undefined'.repeat(3),
  )
  return runInContext(script, context)
}

const readsFiles = /from '(?:node:|[^']*\.fake\.ts|[^']*apps\/)/
const needsNode = (path: string) => readsFiles.test(readFileSync(path, 'utf8'))
const suites = globSync('**/*.test.ts', { cwd: here })
  .filter((path) => !needsNode(join(here, path)))
  .toSorted()

test('no dependency is a module of Node, a database or a server', () => {
  expect(Object.keys(manifest.dependencies).toSorted()).toEqual([
    '@chargelane/openapi',
    '@noble/curves',
    '@noble/hashes',
    'canonicalize',
    'dinero.js',
    'fast-xml-parser',
    'fflate',
    'ibantools',
    'jsvat',
    'zod',
  ])
})

test('every export loads without Node', async () => {
  const modules = Object.values(manifest.exports).filter((path) => !path.includes('.fake.'))
  const script = await scriptOf(modules.map((path) => join('..', path)))
  expect(() => run(script)).not.toThrow()
})

const zVector = z.object({ publicKeySpkiHex: z.string(), ocmf: z.string(), verified: z.boolean() })

test('what a real meter signed is checked there too, on every curve of the fixtures', async () => {
  const script = await scriptOf([
    'metering/metering.ts',
    'metering/ocmf.ts',
    'metering/signature.ts',
  ])
  const vectors = globSync('metering/fixtures/*.json', { cwd: here }).map((path) =>
    zVector.parse(JSON.parse(readFileSync(join(here, path), 'utf8'))),
  )
  const states = run(
    `${script}; vectors.map(({ publicKeySpkiHex, ocmf }) => bundled.checkSignature(
      bundled.parseOcmf(ocmf).record, bundled.readMeterKey(publicKeySpkiHex).key) === 'valid').join()`,
    { vectors },
  )
  expect(vectors).toHaveLength(16)
  expect(states).toBe(vectors.map(({ verified }) => verified).join())
})

test('most suites are among them', () => expect(suites.length).toBeGreaterThan(15))
// Suites clone their inputs, and the library of properties looks for timers as it loads.
run(await scriptOf(suites), { vitest, setTimeout, clearTimeout, structuredClone })
