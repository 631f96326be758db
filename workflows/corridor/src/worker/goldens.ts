// `npm run goldens`: before an upgrade takes over, every operator's statements and packages are tried by it. DATABASE_URL
// and the data keys are needed; the exit code is 1 where a line or an answer is another than before.
import { connect } from '@chargelane/db'
import { inWords } from '@chargelane/rules/money'
import { runPackageGoldens } from '../policy/goldens.ts'
import { createPolicyLanes } from '../policy/lanes.ts'
import { runGoldens } from '../settlement/split/goldens.ts'

const url = process.env['DATABASE_URL']
if (url === undefined) throw new Error('DATABASE_URL is not set.')
const db = connect({ url, max: 2, name: 'goldens' })
const lanes = createPolicyLanes()
try {
  const statements = await runGoldens(db)
  const packages = await runPackageGoldens(db, lanes)
  const lines = [
    ...statements.flatMap(({ policy, golden, name, differences }) => [
      `${differences.length === 0 ? 'holds' : 'BROKEN'} ${policy} ${golden} ${name}`,
      ...differences.map(
        ({ session, rule, expected, found }) =>
          `  ${session ?? 'period'} ${rule}: ${inWords(expected)} expected, ${inWords(found)} found`,
      ),
    ]),
    ...packages.map(({ id, name, version, broken }) =>
      broken === null
        ? `holds ${id} ${name}@${version}`
        : `BROKEN ${id} ${name}@${version}: ${broken}`,
    ),
  ]
  const isBroken =
    statements.some(({ differences }) => differences.length > 0) ||
    packages.some(({ broken }) => broken !== null)
  process.stdout.write(`${[...lines, isBroken ? 'Not all hold.' : 'All hold.'].join('\n')}\n`)
  process.exitCode = isBroken ? 1 : 0
} finally {
  await lanes.close()
  await db.close()
}
