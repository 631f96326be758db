import { publishedKeys } from '@chargelane/corridor/evidence/keyring'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import type { Deps } from './handler.ts'

const { resolve } = createRequire(import.meta.url)

const docsPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Chargelane API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, persistAuthorization: false })`

const files: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
}

/** Swagger UI writes styles into its elements; scripts and calls come from and go to this server alone. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const cached = 'public, max-age=3600'

/** Built from the sources where they are, and read as the image carries it where they are not. */
async function verifyPage(): Promise<string> {
  try {
    const page = await import('@chargelane/sdk/page')
    return await page.verifyPage()
  } catch {
    return readFile(new URL('../../../sdk/dist/verify.html', import.meta.url), 'utf8')
  }
}

/** The page that this deployment serves trusts this deployment's keys, as they are now. */
async function withOurKeys(page: string, { db, issuer }: Deps): Promise<string> {
  const text = JSON.stringify([await publishedKeys(db, issuer)]).replaceAll('<', '\\u003c')
  return page.replace('id="keys">[]</script>', () => `id="keys">${text}</script>`)
}

/** The contract as printed, and pages to read and try it. Everything comes from this server. */
export function docsRoutes(deps: Deps): Hono {
  const app = new Hono()
  const folder = dirname(resolve('swagger-ui-dist/package.json'))
  app.get('/openapi.json', async () => {
    const text = await readFile(resolve('@chargelane/openapi/openapi.json'))
    return new Response(text, {
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' },
    })
  })
  app.get(
    '/docs',
    () =>
      new Response(docsPage, {
        headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': docsPolicy },
      }),
  )
  app.get(
    '/docs/start.js',
    () => new Response(start, { headers: { 'Content-Type': 'text/javascript' } }),
  )
  let verifier: Promise<string> | undefined
  app.get('/open/verify', async () => {
    verifier ??= verifyPage()
    // Its own policy is inside it, so that a saved copy keeps it.
    return new Response(await withOurKeys(await verifier, deps), {
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' },
    })
  })
  app.get('/docs/:file', async (c) => {
    const name = c.req.param('file')
    const media = Object.entries(files).find(([file]) => file === name)?.[1]
    if (media === undefined) throw missing('page')
    return new Response(await readFile(join(folder, name)), {
      headers: { 'Content-Type': media, 'Cache-Control': cached },
    })
  })
  return app
}
