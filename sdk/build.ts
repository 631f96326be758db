// `npm run build -w sdk`: the package as partners install it, in `sdk/dist`: JavaScript for Node 20 and newer, types,
// and the verifier with the pure rules it runs again.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { verifyPage, withKeys } from './page.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = join(here, 'dist')
const { version, license, dependencies } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8'),
)
const entries = {
  client: 'src/client.ts',
  webhooks: 'src/webhooks.ts',
  verify: 'src/verify.ts',
  'verify-command': 'src/verify/command.ts',
}
/** Installed beside the package; everything else, our own rules included, is bundled. */
const installed = ['fflate', 'standardwebhooks', 'zod']

/** Key lists of the deployment that the package is built for: its verifier trusts them without being told. */
const { CHARGELANE_KEYS_FILE: keysFile } = process.env
const lists: unknown[] = keysFile ? [JSON.parse(readFileSync(keysFile, 'utf8'))] : []

rmSync(dist, { recursive: true, force: true })
const bundle = await rolldown({
  cwd: here,
  input: entries,
  platform: 'neutral',
  plugins: [withKeys(lists)],
  resolve: { mainFields: ['module', 'main'] },
  external: [/^node:/, ...installed],
})
await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared-[hash].js',
})
await bundle.close()

// The compiler mirrors the whole tree it has read; only the SDK's own declarations are part of the package.
const types = mkdtempSync(join(tmpdir(), 'chargelane-sdk-'))
const emit = [
  '-p',
  here,
  '--noEmit',
  'false',
  '--declaration',
  '--emitDeclarationOnly',
  '--rewriteRelativeImportExtensions',
  '--outDir',
  types,
  '--rootDir',
  join(here, '..'),
]
execFileSync('tsc', emit, { stdio: 'inherit' })
cpSync(join(types, 'sdk/src'), dist, {
  recursive: true,
  filter: (file) => !/(\.test|verify\/(?!proof|trust)[a-z-]+)\.d\.ts$/.test(file),
})
rmSync(types, { recursive: true })
// Declarations keep the sources' `.ts` in their imports; what partners import is `.js`.
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((each) =>
  each.endsWith('.d.ts'),
)) {
  const text = readFileSync(join(dist, file), 'utf8')
  writeFileSync(
    join(dist, file),
    text.replaceAll(/((?:from |import\()['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'),
  )
}

writeFileSync(join(dist, 'verify.html'), await verifyPage(lists))

const bin = 'chargelane-verify.js'
writeFileSync(
  join(dist, bin),
  "#!/usr/bin/env node\nimport { main } from './verify-command.js'\n\nprocess.exitCode = await main(process.argv.slice(2))\n",
)
chmodSync(join(dist, bin), 0o755)
const exported = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` })
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify(
    {
      name: '@chargelane/sdk',
      version,
      license,
      type: 'module',
      engines: { node: '>=20' },
      exports: {
        '.': exported('client'),
        './webhooks': exported('webhooks'),
        './verify': exported('verify'),
        './verify.html': './verify.html',
      },
      bin: { 'chargelane-verify': bin },
      dependencies: Object.fromEntries(installed.map((name) => [name, dependencies[name]])),
    },
    null,
    2,
  )}\n`,
)
cpSync(join(here, 'CHANGELOG.md'), join(dist, 'CHANGELOG.md'))
cpSync(join(here, '..', 'LICENSE'), join(dist, 'LICENSE'))
