// Prints the contract as OpenAPI 3.1: same contract, same bytes.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openApiDocument } from './document.ts'

const manifest: unknown = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const { version } = z.object({ version: z.string() }).parse(manifest)

const target = fileURLToPath(new URL('../openapi.json', import.meta.url))
writeFileSync(target, `${JSON.stringify(openApiDocument(version), null, 2)}\n`)
console.log(`wrote ${target}`)
