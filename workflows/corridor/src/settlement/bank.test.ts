import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBankPayouts } from './bank.ts'

let url = ''
const answers: unknown[] = []
const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answers.at(-1)))
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => {
  server.close()
})

const at = '2026-11-30T10:00:00.000Z'
const line = (id: string, over: Record<string, unknown> = {}) => ({
  id: `tr_${id}`,
  end_to_end_id: id,
  status: 'returned',
  reason_code: 'AC04',
  reason: 'closed',
  returned_at: at,
  return_reference: `RET-${id}`,
  ...over,
})

test('a line of the bank’s statement that cannot be read hides no other', async () => {
  answers.push({
    data: [
      line('po_1'),
      line('po_2', { status: 'gone', returned_at: '0000-13-01' }),
      null,
      line('po_3', { returned_at: null, booked_at: null }),
      line('po_4', { status: 'booked' }),
      line('po_5'),
    ],
  })
  const lines = await createBankPayouts({ url, apiKey: 'key' }).returns({ since: at })
  const read = lines.flatMap((each) => ('problem' in each ? [] : [each.payoutId]))
  expect(read).toEqual(['po_1', 'po_5'])
  expect(lines.filter((each) => 'problem' in each)).toHaveLength(3)
})
