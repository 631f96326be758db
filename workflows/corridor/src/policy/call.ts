// One call of a package: facts as JSON in, an answer that was looked at out.
import {
  type PolicyAnswers,
  type PolicyFacts,
  type PolicyFault,
  type PolicyHook,
  policyAnswers,
} from '@chargelane/openapi/vocabulary/policy-hooks'
import { canonicalText } from '@chargelane/rules/canonical'
import type { PolicyLanes } from './lanes.ts'
import { sandboxLimits } from './limits.ts'

export type PolicyAnswer = PolicyAnswers[PolicyHook]
export type CallAnswer =
  | { kind: 'answered'; answer: PolicyAnswer; polls: number }
  | { kind: 'fault'; fault: PolicyFault; message: string }

const faulty = (fault: PolicyFault, message: string): CallAnswer => ({
  kind: 'fault',
  fault,
  message: message.slice(0, 300),
})

/** A negative zero is a zero. */
const readJson = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (Object.is(value, -0) ? 0 : value))

/** What a package said, as an answer to this hook; nothing that its schema does not name is taken over. */
function checked(hook: PolicyHook, said: { text: string; polls: number }): CallAnswer {
  const parsed = policyAnswers[hook].safeParse(readJson(said.text))
  if (parsed.success) return { kind: 'answered', answer: parsed.data, polls: said.polls }
  const [issue] = parsed.error.issues
  return faulty('answer', `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'is none'}`)
}

export async function callPackage(
  lanes: PolicyLanes,
  of: { cpoId: string; source: string },
  facts: PolicyFacts,
): Promise<CallAnswer> {
  const text = canonicalText(facts)
  if (text.length > sandboxLimits.factsChars)
    return faulty('busy', `the facts have more than ${sandboxLimits.factsChars} characters`)
  const said = await lanes.call(of.cpoId, { source: of.source, hook: facts.hook, facts: text })
  return said.kind === 'answered' ? checked(facts.hook, said) : said
}
