// `npm run test:oracles [-- --pairs N --seed S]`: our engine beside two independent ones on generated pairs.
// `--record FILE` writes the sample that the unit tests replay.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  clauseOf,
  compare,
  type FirstEngine,
  pairForFirst,
  type SecondEngine,
  switches,
  type Verdict,
} from './compare.ts'
import { ask, build, CannotRun, type Engine, say } from './engines.ts'
import { generatePairs, type Pair } from './generate.ts'
import { checkVectors } from './vectors.ts'

const question = ({ id, ocpi, timezone, tariff, cdr }: Pair) =>
  JSON.stringify({ id, ocpi, timezone, tariff, cdr })

type Unpriced = { error: string }
const readFirst = (line = '{"error":""}'): FirstEngine | undefined => {
  const answer: FirstEngine | Unpriced = JSON.parse(line)
  return 'error' in answer ? undefined : answer
}
const readSecond = (line: string): SecondEngine | undefined => {
  const answer: SecondEngine | Unpriced = JSON.parse(line)
  return 'error' in answer ? undefined : answer
}

/** Both engines' answers for every pair; undefined where an engine cannot price it. */
export type Answers = { first: (FirstEngine | undefined)[]; second: (SecondEngine | undefined)[] }

async function askBoth(programs: Record<Engine, string>, pairs: readonly Pair[]): Promise<Answers> {
  const asked = pairs.map(pairForFirst)
  const known = asked.filter((pair) => pair !== undefined)
  const [first, second] = await Promise.all([
    ask(programs['ocpi-tariffs'], known.map(question)),
    ask(programs['ocpi-kit'], pairs.map(question)),
  ])
  let at = 0
  return {
    first: asked.map((pair) => (pair === undefined ? undefined : readFirst(first[at++]))),
    second: second.map(readSecond),
  }
}

// ── The table ───────────────────────────────────────────────────────────────────────────────────────────────────

const classes = [
  'v211',
  'v221',
  'v230',
  'dst',
  'midnight',
  'well-split',
  'midnight-window',
  'wrap',
  'vat-mix',
  'min_price',
  'max_price',
  'tax_included-YES',
  'tax_included-N/A',
  'reservation',
  'partial-time',
  'mixed-period',
  'JPY',
  'KWD',
]

const isWrong = (verdict: Verdict) =>
  verdict.first === 'differs' ||
  verdict.second === 'differs' ||
  (verdict.agree === false && verdict.explanation === undefined) ||
  (verdict.agree === true && verdict.ours === undefined)

function tableLine(name: string, verdicts: readonly Verdict[]): string {
  const count = (test: (verdict: Verdict) => boolean) => String(verdicts.filter(test).length)
  const share = (engine: 'first' | 'second') =>
    `${count((v) => v[engine] === 'same')} of ${count((v) => v[engine] !== 'not run')}`
  return `| ${[
    name,
    String(verdicts.length),
    share('first'),
    share('second'),
    count((v) => v.agree === true),
    count((v) => v.agree === false),
    count(isWrong),
  ].join(' | ')} |`
}

function report(verdicts: readonly Verdict[]): void {
  say(
    '\n| class | pairs | ocpi-tariffs reproduced | ocpi-kit reproduced | they agree | they differ | unexplained |',
  )
  say('|---|---|---|---|---|---|---|')
  say(tableLine('all', verdicts))
  for (const name of classes)
    say(
      tableLine(
        name,
        verdicts.filter((verdict) => verdict.tags.includes(name)),
      ),
    )
  say('\n| why the two differ | pairs |')
  say('|---|---|')
  const reasons = new Map<string, number>()
  for (const { explanation } of verdicts) {
    if (explanation === undefined) continue
    const name = explanation.join(' + ')
    reasons.set(name, (reasons.get(name) ?? 0) + 1)
  }
  for (const [name, count] of [...reasons].toSorted((a, b) => b[1] - a[1]))
    say(`| ${name} | ${count} |`)
  say('')
  for (const name of switches) {
    const count = verdicts.filter(({ explanation }) => explanation?.includes(name) === true).length
    say(`${name}: ${clauseOf(name)}; takes part in ${count}`)
  }
  const agreed = verdicts.filter(({ agree }) => agree === true)
  const apart = agreed.filter(({ ours }) => ours !== undefined && ours.length > 0)
  say(
    `where they agree, the default reading gives the same on ${agreed.length - apart.length} of ${agreed.length}`,
  )
  for (const { id, ours } of apart.slice(0, 20))
    say(`  ${id}: both readings give it, the default differs by ${ours?.join(' + ') ?? ''}`)
}

/** Short pairs for the replay in the unit tests: some of every class and of every reason, with both engines' answers. */
function sample(pairs: readonly Pair[], answers: Answers, verdicts: readonly Verdict[]): string[] {
  const seen = new Map<string, number>()
  const perClass = 18
  const lines: string[] = []
  for (const [index, pair] of pairs.entries()) {
    const verdict = verdicts[index]
    const [first, second] = [answers.first[index], answers.second[index]]
    const { id, ocpi, timezone, tags, tariff, cdr } = pair
    const line = JSON.stringify({ id, ocpi, timezone, tags, tariff, cdr, first, second })
    if (verdict === undefined || line.length > 2_000) continue
    const reason = verdict.explanation?.join('+') ?? `agree ${verdict.agree ?? 'unasked'}`
    const names = [...tags, reason, timezone]
    if (names.every((name) => (seen.get(name) ?? 0) >= perClass)) continue
    for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1)
    lines.push(line)
  }
  return lines
}

/** The options of the run; a number that is none is an error. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '12000' },
      seed: { type: 'string', default: '1' },
      record: { type: 'string' },
    },
  })
  const whole = (name: 'pairs' | 'seed') => {
    const value = Number(values[name])
    if (!Number.isSafeInteger(value) || value < 1)
      throw new CannotRun(`--${name} must be a whole number above 0`)
    return value
  }
  return { pairs: whole('pairs'), seed: whole('seed'), record: values.record }
}

async function main(): Promise<boolean> {
  const options = readOptions()
  const programs = { 'ocpi-tariffs': build('ocpi-tariffs'), 'ocpi-kit': build('ocpi-kit') }
  const pairs = [...generatePairs(options.seed, options.pairs)]
  say(
    `${pairs.length} pairs of seed ${options.seed}, ${new Set(pairs.map((pair) => pair.timezone)).size} time zones`,
  )
  const answers = await askBoth(programs, pairs)
  const verdicts = pairs.map((pair, index) =>
    compare(pair, answers.first[index], answers.second[index]),
  )
  report(verdicts)
  if (options.record !== undefined)
    writeFileSync(options.record, `${sample(pairs, answers, verdicts).join('\n')}\n`)
  const wrong = verdicts.filter(isWrong)
  for (const verdict of wrong.slice(0, 20))
    say(
      `UNEXPLAINED ${verdict.id} [${verdict.tags.join(' ')}] ocpi-tariffs ${verdict.first}, ocpi-kit ${verdict.second}`,
    )
  say('')
  const vectors = await checkVectors(programs['ocpi-tariffs'])
  return wrong.length === 0 && vectors
}

try {
  if (!(await main())) process.exitCode = 1
} catch (error) {
  if (!(error instanceof CannotRun)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
