// A Hono route that reads and writes once through postgres.js, in a process of its own: the yardstick of the API.
import { openBare } from '@chargelane/db/bare'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const bare = await openBare(process.env['DATABASE_URL'] ?? '')
const app = new Hono()
app.post('/bare', async (c) => {
  const body = await c.req.text()
  return c.json({ ...(await bare.readAndWrite(body)), body }, 201)
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  console.log(`listening ${port}`),
)
process.on('disconnect', () => process.exit(0))
