// The sandbox publisher of reference rates: the ECB's daily file, with real values of one day.
import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import * as z from 'zod'

export type ReferenceRatesSettings = { port: number; host?: string; now?: () => Date }
export type ReferenceRatesServer = { url: string; stop: () => Promise<void> }

export const dailyPath = '/stats/eurofxref/eurofxref-daily.xml'

// European Central Bank, euro foreign exchange reference rates of 30 October 2026, as in its
// historical file (eurofxref-hist.csv).
const published = [
  ['USD', '1.1172'],
  ['JPY', '175.68'],
  ['CZK', '24.353'],
  ['DKK', '7.4735'],
  ['GBP', '0.8338'],
  ['HUF', '366.33'],
  ['PLN', '4.4038'],
  ['RON', '5.3447'],
  ['SEK', '10.978'],
  ['CHF', '0.9194'],
  ['ISK', '136'],
  ['NOK', '10.312'],
  ['TRY', '55.8015'],
  ['AUD', '1.5904'],
  ['BRL', '6.0692'],
  ['CAD', '1.5606'],
  ['CNY', '7.4326'],
  ['HKD', '8.7652'],
  ['IDR', '20275.17'],
  ['ILS', '3.495'],
  ['INR', '106.084'],
  ['KRW', '1491.76'],
  ['MXN', '21.1237'],
  ['MYR', '4.5325'],
  ['NZD', '1.9823'],
  ['PHP', '71.143'],
  ['SGD', '1.4282'],
  ['THB', '37.683'],
  ['ZAR', '18.6455'],
] as const

const zControl = z.strictObject({
  /** Other values for some currencies, until the next order. */
  rates: z.record(z.string().regex(/^[A-Z]{3}$/), z.string()).default({}),
  /** Another date in the file, e.g. an old one. */
  date: z.iso.date().optional(),
  /** A whole other body, e.g. a broken one. */
  body: z.string().optional(),
  /** Another status, e.g. 503. */
  status: z.int().min(200).max(599).default(200),
})
type Control = z.infer<typeof zControl>

/**
 * Serves the file dated the last day on which the ECB had published at `now`. A POST to
 * `/_control/rates` changes what is served; a DELETE there undoes it.
 */
/** Units per euro, as last published. */
export const publishedRates: ReadonlyMap<string, string> = new Map(published)

export async function startReferenceRates(
  settings: ReferenceRatesSettings,
): Promise<ReferenceRatesServer> {
  const host = settings.host ?? '127.0.0.1'
  const now = settings.now ?? (() => new Date())
  let control: Control = zControl.parse({})
  const app = new Hono()
  app.get(dailyPath, () => {
    const body = control.body ?? dailyXml(control.date ?? lastPublication(now()), control.rates)
    return new Response(body, { status: control.status, headers: { 'content-type': 'text/xml' } })
  })
  app.post('/_control/rates', async (c) => {
    const order = zControl.safeParse(await c.req.json().catch(() => undefined))
    if (!order.success) return c.json({ error: z.prettifyError(order.error) }, 400)
    control = order.data
    return c.json(control)
  })
  app.delete('/_control/rates', (c) => {
    control = zControl.parse({})
    return c.body(null, 204)
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(settings.port, host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

export function dailyXml(date: string, changed: Record<string, string> = {}): string {
  const rates = new Map<string, string>([...published, ...Object.entries(changed)])
  const lines = [...rates].map(
    ([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='${date}'>
${lines.join('\n')}
\t\t</Cube>
\t</Cube>
</gesmes:Envelope>
`
}

/** Rates appear at about 16:00 in Frankfurt on TARGET working days; before that, yesterday's stand. */
export function lastPublication(now: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Berlin',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? ''
  const day = new Date(`${part('year')}-${part('month')}-${part('day')}T00:00:00Z`)
  if (Number(part('hour')) < 16) day.setUTCDate(day.getUTCDate() - 1)
  while (!isTargetDay(day)) day.setUTCDate(day.getUTCDate() - 1)
  return day.toISOString().slice(0, 10)
}

function isTargetDay(day: Date): boolean {
  const weekday = day.getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  const date = day.toISOString().slice(5, 10)
  if (['01-01', '05-01', '12-25', '12-26'].includes(date)) return false
  const fromEaster = (day.getTime() - easterSunday(day.getUTCFullYear())) / 86_400_000
  return fromEaster !== -2 && fromEaster !== 1
}

/** The anonymous Gregorian computus (Meeus, Astronomical Algorithms). */
function easterSunday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1)
}
