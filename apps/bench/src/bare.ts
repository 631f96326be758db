// The least a Hono route can do with a JSON body, in a process of its own: the yardstick of the API.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.post('/bare', async (c) => c.json(await c.req.json(), 201))
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  console.log(`listening ${port}`),
)
process.on('disconnect', () => process.exit(0))
