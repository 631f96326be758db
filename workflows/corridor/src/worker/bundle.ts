// The workflow bundle, built once per state of the sources and kept under `.cache/`.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { failureConverterPath } from './codec/codec.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const entry = fileURLToPath(new URL('workflows.ts', import.meta.url))
const interceptors = ['../clock/interceptor.ts', '../attention/interceptor.ts'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
)

/** Everything a workflow may import: our sources and the locked versions of everybody else's. */
function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of [
    'workflows/rules/src',
    'workflows/corridor/src',
    'openapi/src/vocabulary',
  ]) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const file of files.toSorted())
      if (file.endsWith('.ts') && !file.endsWith('.test.ts'))
        hash.update(file).update(readFileSync(join(root, folder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Built on the first start after a change (about 2 s), read from disk afterwards. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const folder = join(root, '.cache')
  const codePath = join(folder, `workflows-${sourceHash()}.js`)
  if (!existsSync(codePath)) {
    const { code } = await buildBundle()
    mkdirSync(folder, { recursive: true })
    // Two processes may build at once: each moves its own whole file into place.
    const draft = `${codePath}.${process.pid}`
    writeFileSync(draft, code)
    renameSync(draft, codePath)
  }
  return { codePath }
}

const ignore = () => undefined

/**
 * Throws when a workflow imports what replayed code must not: Temporal's bundler refuses Node's modules. Our modules hold
 * no state of their own, so they are loaded once for all workflows of a worker instead of once for each.
 */
export async function buildBundle(workflowsPath = entry): Promise<WorkflowBundleWithSourceMap> {
  const complaints: string[] = []
  const hear = (message: string) => {
    complaints.push(message)
  }
  const logger = {
    log: ignore,
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: hear,
  }
  try {
    return await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: interceptors,
      failureConverterPath,
      logger,
      preloadModules: [workflowsPath, ...interceptors],
    })
  } catch (cause) {
    // Sometimes the bundler's error names the module at fault, sometimes only what it logged does.
    const reason = cause instanceof Error ? cause.message : String(cause)
    const lines = ['The workflows cannot be bundled.', reason, ...complaints]
    throw new Error(lines.join('\n'), { cause })
  }
}
