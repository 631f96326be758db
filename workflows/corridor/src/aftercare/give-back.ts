// What somebody decided to give back: sent to the provider, and then told in the papers and the pack.
import type { GiveBackInput } from '../contract.ts'
import { money, paper } from '../steps.ts'

/** The decision is in the books when this begins; a refusal of the provider is a person's to mend. */
export async function givenBack(input: GiveBackInput): Promise<{ ended: string }> {
  const ended = await money.refundSale(input)
  await paper.issuePapers({ sessionId: input.sessionId })
  return { ended }
}
