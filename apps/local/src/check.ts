// `npm test`: everything that must hold before a change lands, in the order of how fast it tells.
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { localDir, root } from './config.ts'
import { type Outcome, run, say, step, sum } from './steps.ts'

/** Written by `npm run generate` from the contract and from the tables; never by hand. */
const generatedPaths = ['openapi/openapi.json', 'sdk/src/generated', 'db/migrations']

async function command(name: string, file: string, args: string[]): Promise<Outcome> {
  return step(name, async () => {
    const { code, output } = await run(file, args)
    return { problem: code === 0 ? undefined : output }
  })
}

function fingerprints(): Map<string, string> {
  const files = generatedPaths
    .flatMap((path) => globSync([path, `${path}/**/*`], { cwd: root }))
    .filter((file) => statSync(join(root, file)).isFile())
  return new Map(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex'),
    ]),
  )
}

/** Generates everything again, in place, and names each file that came out different. */
async function checkGenerated(): Promise<{ problem?: string }> {
  const before = fingerprints()
  const { code, output } = await run('turbo', ['run', 'generate', '--output-logs=errors-only'])
  if (code !== 0) return { problem: output }
  const after = fingerprints()
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  )
  if (changed.length === 0) return {}
  return {
    problem: `These generated files were out of date and are now generated anew; commit them:\n${changed.join('\n')}`,
  }
}

const zVitestReport = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
})

/** A file that could not be loaded has no tests to fail, so it counts as one failure itself. */
function countTests(reportFile: string, exitCode: number): Outcome {
  let passed = 0
  let failed = 0
  try {
    const report = zVitestReport.parse(JSON.parse(readFileSync(reportFile, 'utf8')))
    passed = report.numPassedTests
    for (const { status, assertionResults } of report.testResults) {
      const failures = assertionResults.filter((result) => result.status === 'failed').length
      failed += failures === 0 && status === 'failed' ? 1 : failures
    }
  } catch (error) {
    console.log(`The test report could not be read: ${String(error)}`)
  }
  // Unhandled errors fail the run without failing any one test; and no test at all is no pass.
  if (failed === 0 && (exitCode !== 0 || passed === 0)) failed = 1
  return { passed, failed }
}

async function tests(name: string, config: string, words: string[]): Promise<Outcome> {
  const reportFile = join(localDir, `${name.replaceAll(' ', '-')}.json`)
  mkdirSync(localDir, { recursive: true })
  rmSync(reportFile, { force: true })
  const at = performance.now()
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const { code, output } = await run(
    'vitest',
    ['run', '--config', config, ...reporters, ...words],
    { isShown: true },
  )
  if (words.length > 0 && output.includes('No test files found')) return { passed: 0, failed: 0 }
  const outcome = countTests(reportFile, code)
  const took = `${((performance.now() - at) / 1000).toFixed(1)} s`
  const count = outcome.passed + outcome.failed
  say(`${outcome.failed === 0 ? 'passed' : 'FAILED'}  ${name}: ${count} (${took})`)
  return outcome
}

const filters = process.argv.slice(2)
const outcomes: Outcome[] = []
if (filters.length === 0) {
  outcomes.push(
    await command('format', 'biome', ['format', '.']),
    await command('lint', 'oxlint', ['--type-aware']),
    await command('types', 'turbo', ['run', 'types', '--output-logs=errors-only']),
    await step('generated files', checkGenerated),
  )
}
outcomes.push(
  await tests('unit and integration tests', '.config/vitest.config.ts', filters),
  await tests('journeys', '.config/journeys.config.ts', filters),
  await tests('survival', '.config/survival.config.ts', filters),
)
const total = sum(outcomes)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
