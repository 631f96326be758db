// An operator's code is asked, once for each thing it is asked about. What it said is kept; where it is at fault, what is
// documented for its hook stands, its operator hears of it, and after too many faults in a row it is asked no more.
import type { Db, Tx } from '@chargelane/db'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import {
  addPolicyFault,
  keepPolicyRun,
  movePolicyPackage,
  type PolicyAsked,
  policyAsked,
  type PolicyRunRow,
} from '@chargelane/db/queries/policies/packages'
import type {
  PolicyAnswers,
  PolicyFacts,
  PolicyFault,
  PolicyHook,
} from '@chargelane/openapi/vocabulary/policy-hooks'
import { InvariantError } from '@chargelane/rules/assert'
import { canonicalHash } from '@chargelane/rules/digest'
import { callPackage, type CallAnswer } from './call.ts'
import type { PolicyLanes } from './lanes.ts'
import { faultsInARow } from './limits.ts'
import { tellOfPackage } from './packages.ts'

export type PolicyDependencies = { db: Db; policies: PolicyLanes }

export type PolicyQuestion = {
  cpoId: string
  hook: PolicyHook
  /** What it is about: a session, a record, a settlement. One answer each. */
  subject: string
  sessionId: string | null
  now: string
  /** Read only where somebody is asked. */
  facts: () => PolicyFacts | Promise<PolicyFacts>
}

/** `package` names who said it, `name@version`. */
export type PolicyAnswered =
  | { kind: 'unasked' }
  | { kind: 'answered'; answer: PolicyAnswers[PolicyHook]; package: string }
  | { kind: 'fault'; fault: PolicyFault; message: string; package: string; refuses: boolean }

type Package = NonNullable<PolicyAsked['package']>

/** A full line, or facts that are too many, are no fault of the code. */
const isCounted = (fault: PolicyFault) => fault !== 'busy'

type By = Pick<Package, 'name' | 'version' | 'onError'>

function answeredBy(run: PolicyRunRow, by: By): PolicyAnswered {
  const name = `${by.name}@${by.version}`
  const refuses = by.onError === 'refuse'
  if (run.fault !== null)
    return { kind: 'fault', fault: run.fault, message: run.message ?? '', package: name, refuses }
  if (run.answer === null) throw new InvariantError(`${run.hook} of ${run.subject} says nothing`)
  return { kind: 'answered', answer: run.answer, package: name }
}

export async function askPackage(
  { db, policies }: PolicyDependencies,
  question: PolicyQuestion,
): Promise<PolicyAnswered> {
  const { cpoId, hook, subject } = question
  const { package: code, kept } = await policyAsked(db, { cpoId, hook, subject })
  // Also where its package is out of force since.
  if (kept !== null) return answeredBy(kept, kept.by)
  if (code === null) return { kind: 'unasked' }
  const facts = await question.facts()
  const said = await callPackage(policies, { cpoId, source: code.source }, facts)
  return db.tx((tx) => keepAnswer(tx, question, { code, facts, said }))
}

/** The first answer stands: whoever asked at the same time takes it too. */
async function keepAnswer(
  tx: Tx,
  { cpoId, hook, subject, sessionId, now: at }: PolicyQuestion,
  { code, facts, said }: { code: Package; facts: PolicyFacts; said: CallAnswer },
): Promise<PolicyAnswered> {
  const about = { cpoId, hook, subject, sessionId, packageId: code.id, at }
  const kept = await keepPolicyRun(tx, {
    ...about,
    sha256: code.sha256,
    factsHash: canonicalHash(facts),
    facts,
    answer: said.kind === 'answered' ? said.answer : null,
    fault: said.kind === 'fault' ? said.fault : null,
    message: said.kind === 'fault' ? said.message : null,
  })
  if (kept === undefined) {
    const { kept: first } = await policyAsked(tx, { cpoId, hook, subject })
    if (first === null) throw new InvariantError(`${hook} of ${subject} was answered and is not`)
    return answeredBy(first, first.by)
  }
  if (said.kind === 'fault') await writeFault(tx, about, code, said)
  else if (code.faultsInRow > 0) await forgetFaults(tx, code, at)
  return answeredBy(kept, code)
}

type About = Omit<PolicyQuestion, 'facts' | 'now'> & { packageId: string; at: string }

async function writeFault(
  tx: Tx,
  about: About,
  code: Package,
  { fault, message }: Extract<CallAnswer, { kind: 'fault' }>,
): Promise<void> {
  const { cpoId, hook, subject, sessionId, at } = about
  const inRow = await addPolicyFault(tx, { ...about, fault, message, counts: isCounted(fault) })
  const name = `${code.name} ${code.version}`
  const isOver = isCounted(fault) && inRow >= faultsInARow
  const off = isOver
    ? await movePolicyPackage(tx, code.id, ['active'], {
        status: 'switched_off',
        endedAt: at,
        reason: `${inRow} faults in a row, the last: ${fault} at ${hook}: ${message}`.slice(0, 500),
      })
    : undefined
  if (off !== undefined) await tellOfPackage(tx, off, 'policy_package.switched_off', at)
  await openIncident(tx, {
    kind: 'policy_fault',
    subject: { type: 'policy_package', id: code.id },
    accountId: cpoId,
    cause: `${name} at ${hook}: ${fault}, ${message}${off === undefined ? '' : '; it is switched off'}`,
    detail: { hook, fault, subject, session: sessionId, in_row: inRow, switched_off: isOver },
    actions: [],
    at,
  })
}

/** It answers again. */
async function forgetFaults(tx: Tx, code: Package, at: string): Promise<void> {
  await movePolicyPackage(tx, code.id, ['active'], { faultsInRow: 0 })
  await settleIncidents(
    tx,
    { kinds: ['policy_fault'], subject: { type: 'policy_package', id: code.id } },
    { cause: 'it answers again', at },
  )
}
