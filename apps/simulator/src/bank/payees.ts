// Verification of Payee as banks answer it: whether a name and a number belong together. Only holders that were told are known.
import type { Hono } from 'hono'
import type { HttpBindings } from '@hono/node-server'
import * as z from 'zod'

export type PayeeAnswer = {
  result: 'match' | 'close_match' | 'no_match' | 'unavailable'
  /** The name that the bank has; told with `close_match` alone. */
  name: string | null
}

const plain = (name: string) =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** One word of the shorter name may be missing, or written with one letter more or less. */
function isClose(a: string, b: string): boolean {
  const [few = [], many = []] = [a.split(' '), b.split(' ')].toSorted((x, y) => x.length - y.length)
  const missing = few.filter((word) => !many.includes(word))
  return few.length > 0 && missing.length <= (few.length > 1 ? 1 : 0)
}

export class Payees {
  private readonly holders = new Map<string, string>()

  register(number: string, name: string): void {
    this.holders.set(number, name)
  }

  check(number: string, asked: string): PayeeAnswer {
    const holder = this.holders.get(number)
    if (holder === undefined) return { result: 'unavailable', name: null }
    const [known, told] = [plain(holder), plain(asked)]
    if (known === told) return { result: 'match', name: null }
    return isClose(known, told)
      ? { result: 'close_match', name: holder }
      : { result: 'no_match', name: null }
  }
}

type Accounts<T> = {
  schema: z.ZodType<T>
  sound: (account: T) => boolean
  number: (account: T) => string
}

export function addPayeeRoutes<T>(
  app: Hono<{ Bindings: HttpBindings }>,
  payees: Payees,
  { schema, sound, number }: Accounts<T>,
): void {
  const zAsked = z.strictObject({ name: z.string().min(1).max(140), account: schema })
  app.post('/v1/payee_checks', async (c) => {
    const asked = zAsked.safeParse(await c.req.json().catch(() => undefined))
    if (!asked.success)
      return c.json(
        { error: { code: 'check_invalid', message: z.prettifyError(asked.error) } },
        400,
      )
    const { account, name } = asked.data
    if (!sound(account)) return c.json({ result: 'no_match', name: null })
    return c.json(payees.check(number(account), name))
  })
  app.post('/_control/holders', async (c) => {
    const told = zAsked.safeParse(await c.req.json().catch(() => undefined))
    if (!told.success)
      return c.json(
        { error: { code: 'holder_invalid', message: z.prettifyError(told.error) } },
        400,
      )
    payees.register(number(told.data.account), told.data.name)
    return c.body(null, 204)
  })
}
