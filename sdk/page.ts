// `verify.html` as one file: the verifier, its styles and nothing else. Its policy allows exactly this script and this
// style, by hash, and no connection to anywhere.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { rolldown, type Plugin } from 'rolldown'

const here = fileURLToPath(new URL('.', import.meta.url))

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
label { display: block; border: 2px dashed #888; border-radius: 0.5rem; padding: 2rem; text-align: center; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #8884; padding: 0.3rem 0.6rem; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { font-weight: bold; }
.ok td:first-child, h2.ok { color: #187a3c; }
.bad td:first-child, h2.bad { color: #c22; }
.unknown td:first-child, h2.unknown { color: #a60; }
li { font-variant-numeric: tabular-nums; }
`

const csp = (hashes: { script: string; style: string }) =>
  [
    "default-src 'none'",
    `script-src '${hashes.script}'`,
    `style-src '${hashes.style}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

/** What the sources trust is nobody; a package is built with the keys of its deployment, where they are given. */
export const withKeys = (lists: readonly unknown[]): Plugin => ({
  name: 'keys',
  load: (id) =>
    /[/\\]verify[/\\]builtin\.ts$/.test(id)
      ? `export const builtinKeys = ${JSON.stringify(lists)}`
      : undefined,
})

/** Bundles the verifier for a browser: pure rules and Web Crypto, no module of Node. */
async function script(lists: readonly unknown[]): Promise<string> {
  const bundle = await rolldown({
    cwd: here,
    input: 'src/verify/page.ts',
    platform: 'browser',
    plugins: [withKeys(lists)],
    resolve: { mainFields: ['module', 'main'] },
    onLog(level, log, next) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      next(level, log)
    },
  })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  const [chunk] = output
  // The text must not end the element it stands in.
  return chunk.code.replaceAll('</script', '<\\/script')
}

/** Whoever serves the page writes its key lists here. Data is no script: the page's policy need not allow it. */
const noKeys = '<script type="application/json" id="keys">[]</script>'

/** The page, the same bytes for the same sources and keys. */
export async function verifyPage(lists: readonly unknown[] = []): Promise<string> {
  const code = await script(lists)
  const policy = csp({ script: hashOf(code), style: hashOf(style) })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Verify a charging price</title><style>${style}</style></head>
<body><h1>Verify a charging price</h1>
<p>Drop an evidence pack (<code>.zip</code>) or a price proof (<code>.json</code>). The price is computed again in this
browser from the operator's public tariff and the usage. Nothing is sent anywhere; the page works offline. Who sealed a
pack is said only of keys that this page trusts: those of the deployment that served it, and of key lists
(<code>chargelane-keys.json</code>) that you drop here.</p>
<label>Choose or drop a file<br><input id="file" type="file" accept=".zip,.json,application/zip,application/json"></label>
<main id="result" aria-live="polite"></main>
${noKeys}
<script>${code}</script></body></html>
`
}
