// The EU's register of VAT numbers (VIES, REST): one question about one number, under our own number, so that the answer
// bears a consultation number that stands as proof.
import * as z from 'zod'
import { vatKey } from '@chargelane/rules/identity/account'
import { MoneyFailure } from '../payment/payment.ts'
import { exchange } from '../payment/http.ts'

export type VatAnswer =
  | {
      kind: 'answered'
      valid: boolean
      /** The consultation number; the register's own time where it gave none. */
      reference: string
      /** As the register has them; null where the member state hides them. */
      name: string | null
      address: string | null
    }
  /** No answer about the number: it is asked again. */
  | { kind: 'pending'; code: string }

/** Who knows whether a VAT number is good. */
export type VatCheck = {
  source: string
  /** Whether the register knows numbers of this kind; others are looked at by the platform. */
  covers(vatId: string): boolean
  ask(question: { vatId: string; requester: string | null }): Promise<VatAnswer>
}

export type ViesSettings = {
  /** Default: the EU's own. */
  url?: string | undefined
  /** Prefixes of the numbers it is asked about. Default: every member state and Northern Ireland. */
  prefixes?: readonly string[] | undefined
  /** Of one HTTP exchange; a member state may take a quarter of a minute. Default 20 s. */
  timeoutMs?: number
}

const viesUrl = 'https://ec.europa.eu/taxation_customs/vies/rest-api'
/** Greece is `EL` there, and Northern Ireland `XI`. */
export const viesPrefixes =
  'AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI'.split(' ')
const maxBytes = 64 * 1024
const asksMax = 2

const zAnswer = z.object({
  valid: z.boolean(),
  countryCode: z.string(),
  vatNumber: z.string(),
  requestDate: z.string().min(1).max(60),
  requestIdentifier: z.string().max(200).nullish(),
  name: z.string().max(1_000).nullish(),
  address: z.string().max(1_000).nullish(),
})
/** Also with status 200: nothing is known of the number. */
const zRefusal = z.object({
  actionSucceed: z.literal(false),
  errorWrappers: z.array(z.object({ error: z.string().max(100) })).min(1),
})

const prefixOf = (vatId: string) => vatKey(vatId).slice(0, 2)

const parts = (vatId: string) => ({ state: prefixOf(vatId), number: vatKey(vatId).slice(2) })

export function createVies(settings: ViesSettings = {}): VatCheck {
  const prefixes = new Set(settings.prefixes ?? viesPrefixes)
  return {
    source: 'vies',
    covers: (vatId) => prefixes.has(prefixOf(vatId)),
    ask: async (question) => {
      for (let asked = 1; ; asked++) {
        const answer = await ask(settings, question)
        if (answer.kind === 'answered' || asked === asksMax || !lost.has(answer.code)) return answer
      }
    },
  }
}

/** The question itself was lost; what the register says of its load is not answered by asking more. */
const lost = new Set(['unreachable', 'timeout'])

async function ask(
  { url = viesUrl, timeoutMs = 20_000 }: ViesSettings,
  { vatId, requester }: { vatId: string; requester: string | null },
): Promise<VatAnswer> {
  const { state, number } = parts(vatId)
  const asker = requester === null ? undefined : parts(requester)
  const body = JSON.stringify({
    countryCode: state,
    vatNumber: number,
    ...(asker && { requesterMemberStateCode: asker.state, requesterNumber: asker.number }),
  })
  try {
    const { status, text } = await exchange(`${url.replace(/\/$/, '')}/check-vat-number`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      timeoutMs,
      maxBytes,
    })
    return readAnswer(status, text, { state, number })
  } catch (error) {
    if (error instanceof MoneyFailure) return { kind: 'pending', code: error.code }
    throw error
  }
}

/** An answer about another number, or one that cannot be read, says nothing about this one. */
function readAnswer(
  status: number,
  text: string,
  { state, number }: { state: string; number: string },
): VatAnswer {
  const parsed = parseJson(text)
  const refusal = zRefusal.safeParse(parsed)
  if (refusal.success)
    return { kind: 'pending', code: refusal.data.errorWrappers[0]?.error ?? 'unreadable' }
  if (status !== 200) return { kind: 'pending', code: `status_${status}` }
  const answer = zAnswer.safeParse(parsed)
  if (!answer.success) return { kind: 'pending', code: 'unreadable' }
  const { valid, countryCode, vatNumber, requestDate, requestIdentifier, name, address } =
    answer.data
  if (vatKey(countryCode + vatNumber) !== state + number)
    return { kind: 'pending', code: 'another_number' }
  return {
    kind: 'answered',
    valid,
    reference: shown(requestIdentifier) ?? requestDate,
    name: shown(name),
    address: shown(address),
  }
}

/** `---` stands for what a member state hides. */
function shown(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' || /^-+$/.test(trimmed) ? null : trimmed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
