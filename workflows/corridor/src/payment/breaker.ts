// A provider that is out is not asked again and again (failures F16): after a few calls in a row that nobody answered it is
// taken for out, and one call in a while is let through to find out whether it is back.
import { MoneyFailure, type Outage, type PaymentPort } from './payment.ts'

export type BreakerSettings = {
  now: () => Date
  /** So many calls in a row without an answer make an outage. Default 5. */
  failuresMax?: number
  /** So long nobody is asked then. Default 30 s. */
  restMs?: number
}

type Breaker = {
  call: <Result>(work: () => Promise<Result>) => Promise<Result>
  outage: () => Outage | undefined
}

/** Whatever the provider says, it is there: only silence and its own trouble count against it. */
const isSilence = (error: unknown): boolean =>
  error instanceof MoneyFailure && error.retryable && !error.isAnswered

export function createBreaker({ now, failuresMax = 5, restMs = 30_000 }: BreakerSettings): Breaker {
  let failures = 0
  let restsUntilMs = 0
  let isProbing = false
  const isOut = () => failures >= failuresMax
  const waitMs = () => (isProbing ? restMs : Math.max(0, restsUntilMs - now().getTime()))

  function outage(): Outage | undefined {
    const left = isOut() ? waitMs() : 0
    return left > 0 ? { retryAfterS: Math.ceil(left / 1_000) } : undefined
  }

  function hear(isSilent: boolean): void {
    failures = isSilent ? failures + 1 : 0
    if (isOut()) restsUntilMs = now().getTime() + restMs
  }

  async function call<Result>(work: () => Promise<Result>): Promise<Result> {
    const out = outage()
    if (out !== undefined)
      throw new MoneyFailure(`the provider is out; asked again in ${out.retryAfterS} s`, {
        code: 'psp_unavailable',
        retryable: true,
      })
    const isProbe = isOut()
    if (isProbe) isProbing = true
    try {
      const result = await work()
      hear(false)
      return result
    } catch (error) {
      hear(isSilence(error))
      throw error
    } finally {
      if (isProbe) isProbing = false
    }
  }
  return { call, outage }
}

/** The port behind a breaker of its own: one provider, one breaker, in each process. */
export function guarded(port: PaymentPort, settings: BreakerSettings): PaymentPort {
  const { call, outage } = createBreaker(settings)
  const { contest } = port
  return {
    ...(contest === undefined ? {} : { contest: (request) => call(() => contest(request)) }),
    outage,
    authorize: (request) => call(() => port.authorize(request)),
    increase: (request) => call(() => port.increase(request)),
    capture: (request) => call(() => port.capture(request)),
    void: (request) => call(() => port.void(request)),
    refund: (request) => call(() => port.refund(request)),
    find: (query) => call(() => port.find(query)),
  }
}
