// `npm start`: the whole product on this machine, from nothing to a settled session.
import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { addressesOf, appEnvironment, appNames, startApp } from './apps.ts'
import {
  choosePorts,
  localDir,
  type Ports,
  readSettings,
  rememberPorts,
  root,
  type Settings,
} from './config.ts'
import { startPostgres } from './postgres.ts'
import { endProcess, onNpmGone, StartError, startGuard, type Watch } from './processes.ts'
import { readOrMakeSecrets, type Secrets, type Stack, takeTurn, writeStack } from './state.ts'
import { prepareSchema } from './schema.ts'
import { playStory, type Told } from './story.ts'
import { startTemporal } from './temporal.ts'

const help = `Chargelane on this machine: PostgreSQL, Temporal, every process, two sessions as a story.

  npm start                 start, play the story, stay up until Ctrl-C
  npm start -- --once       the same, then stop everything and exit 0
  npm start -- --no-story   start and stay up, without the story
  npm start -- --help       this text

State is in .local (data, logs, secrets, stack.json); removing that folder starts anew.
Ports and addresses come from the environment or .env; .env.example lists them all.`

const startedAt = performance.now()

function say(text: string): void {
  if (text === '') {
    console.log()
    return
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`  ${seconds.padStart(6)} s  ${text}`)
}

/** In this order everything is ended: first who asks, last who keeps. */
const endingOrder = [...appNames, 'temporal', 'postgres'] as const
type ProcessName = (typeof endingOrder)[number]

type Product = {
  stack: Omit<Stack, 'processes' | keyof Told>
  simulatorUrl: string
  ocpiVersionsUrl: string
  platformKey: string
}

/** Keeps count of what runs, tells the guard and the next launcher, and ends all in order. */
class Crew {
  readonly #aborter = new AbortController()
  readonly #pids = new Map<ProcessName, number>()
  readonly #guard = startGuard()
  readonly #record: (name: string, pid: number) => void
  #stack: Omit<Stack, 'processes'> | undefined
  #isUp = false

  constructor(record: (name: string, pid: number) => void) {
    this.#record = record
  }

  watch(name: ProcessName): Watch {
    return {
      signal: this.#aborter.signal,
      onStarted: (pid) => {
        this.#pids.set(name, pid)
        this.#record(name, pid)
        this.#guard.bequeath(
          endingOrder.flatMap((member) => {
            const known = this.#pids.get(member)
            return known === undefined ? [] : [{ pid: known, signal: stopSignal(member) }]
          }),
        )
        this.#write()
      },
      onReady: () => this.#isUp && say(`${name} is up again`),
      onDeath: (reason) => say(`${name} ${reason}; starting it again`),
    }
  }

  /** From now on `stack.json` shows the running product. */
  publish(stack: Omit<Stack, 'processes'>): void {
    this.#isUp = true
    this.#stack = stack
    this.#write()
  }

  #write(): void {
    if (!this.#stack) return
    const pid = (name: ProcessName) => this.#pids.get(name) ?? 0
    writeStack({
      ...this.#stack,
      processes: {
        api: pid('api'),
        worker: pid('worker'),
        cpms: pid('cpms'),
        roaming: pid('roaming'),
        simulator: pid('simulator'),
        temporal: pid('temporal'),
        postgres: pid('postgres'),
      },
    })
  }

  async end(): Promise<void> {
    this.#aborter.abort()
    const end = async (name: ProcessName) => {
      const pid = this.#pids.get(name)
      if (pid !== undefined) await endProcess(pid, stopSignal(name), 8000)
    }
    await Promise.all(appNames.map(end))
    await end('temporal')
    await end('postgres')
    this.#guard.dismiss()
  }
}

function stopSignal(name: ProcessName): NodeJS.Signals {
  // For PostgreSQL SIGTERM would wait for every client to leave; SIGINT is its fast shutdown.
  return name === 'postgres' ? 'SIGINT' : 'SIGTERM'
}

async function startServers(crew: Crew, settings: Settings, ports: Ports, secrets: Secrets) {
  const [postgres, temporal] = await Promise.all([
    startPostgres({
      dataRoot: join(localDir, 'postgres'),
      port: ports.POSTGRES_PORT,
      password: secrets.postgresPassword,
      ownerPassword: secrets.postgresOwnerPassword,
      countsStatements: settings.countsStatements,
      logFile: join(localDir, 'logs', 'postgres.log'),
      watch: crew.watch('postgres'),
    }).then(async (server) => {
      await prepareSchema(server.ownerUrl, localDir)
      say(`PostgreSQL 18 on port ${server.port}, schema up to date`)
      return server
    }),
    startTemporal({
      externalAddress: settings.temporalAddress,
      namespace: settings.temporalNamespace,
      host: settings.host,
      port: ports.TEMPORAL_PORT,
      uiPort: ports.TEMPORAL_UI_PORT,
      dataDir: join(localDir, 'temporal'),
      logFile: join(localDir, 'logs', 'temporal.log'),
      say,
      watch: crew.watch('temporal'),
    }).then((server) => {
      say(`Temporal at ${server.address}${server.supervised ? '' : ' (your own cluster)'}`)
      return server
    }),
  ])
  return { databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl, temporal }
}

async function startProduct(crew: Crew, settings: Settings, ports: Ports): Promise<Product> {
  const secrets = readOrMakeSecrets(existsSync(join(localDir, 'postgres')))
  const { databaseUrl, ownerUrl, temporal } = await startServers(crew, settings, ports, secrets)
  const env = appEnvironment({
    settings,
    ports,
    secrets,
    databaseUrl,
    temporalAddress: temporal.address,
  })
  await Promise.all(
    appNames.map(async (name) => {
      await startApp(name, env, crew.watch(name))
      say(`${name} is ready`)
    }),
  )
  const { apiUrl, ocppUrl, ocpiUrl, simulatorUrl } = addressesOf(settings.host, ports)
  return {
    simulatorUrl,
    ocpiVersionsUrl: `${ocpiUrl}/versions`,
    platformKey: secrets.platformKey,
    stack: {
      api_url: apiUrl,
      docs_url: `${apiUrl}/docs`,
      openapi_url: `${apiUrl}/openapi.json`,
      ocpp_url: `${ocppUrl}/`,
      temporal_address: temporal.address,
      temporal_ui_url: temporal.uiUrl,
      database_url: databaseUrl,
      database_owner_url: ownerUrl,
      simulator_url: simulatorUrl,
    },
  }
}

function printAddresses(stack: Omit<Stack, 'processes'>): void {
  const rows: [string, string][] = [
    ['API', `${stack.api_url}   docs ${stack.docs_url}`],
    ['Temporal UI', stack.temporal_ui_url],
    ['OCPP 1.6J', `${stack.ocpp_url}{identity}`],
    ['OCPI', `${stack.ocpi.versions_url}   token A ${stack.ocpi.cpo_token_a}`],
    ['test keys', `partner ${stack.keys.partner_a}`],
    ['', `CPO     ${stack.keys.cpo}`],
    [
      'everything',
      `${relative(process.cwd(), join(localDir, 'stack.json'))} (addresses, keys, test chargers)`,
    ],
  ]
  console.log(`\n${rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`).join('\n')}\n`)
}

/** The exit code: 0, or 130 when `--once` was interrupted before its end. */
async function run(args: { once: boolean; story: boolean }): Promise<number> {
  const settings = readSettings(process.env)
  const turn = await takeTurn((names) =>
    say(`ending what an earlier run left: ${names.join(', ')}`),
  )
  console.log('\nChargelane')
  const crew = new Crew(turn.record)
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve('interrupted'))
    }
    onNpmGone(() => resolve('interrupted'))
  })
  try {
    const start = async () => {
      mkdirSync(join(localDir, 'logs'), { recursive: true })
      const ports = await choosePorts(process.env, settings.host)
      const product = await startProduct(crew, settings, ports)
      rememberPorts(ports)
      turn.announce(product.stack.api_url)
      const told = await playStory({
        apiUrl: product.stack.api_url,
        simulatorUrl: product.simulatorUrl,
        ocpiVersionsUrl: product.ocpiVersionsUrl,
        platformKey: product.platformKey,
        isToBePlayed: args.story,
        say,
      })
      const stack = { ...product.stack, ...told }
      crew.publish(stack)
      printAddresses(stack)
      if (!args.once) console.log('  Running; Ctrl-C stops everything.\n')
      return 'started' as const
    }
    const outcome = await Promise.race([start(), interrupted])
    if (outcome === 'started' && !args.once) await interrupted
    return outcome === 'interrupted' && args.once ? 130 : 0
  } finally {
    say('stopping')
    await crew.end()
    turn.release()
    say('stopped; nothing is left running')
  }
}

function readArguments(): { once: boolean; story: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        once: { type: 'boolean', default: false },
        story: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    })
    return values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new StartError(`${reason}; npm start -- --help lists the options.`)
  }
}

/** A sentence for people on the screen; where it broke, for us, in a file. */
function keepDetail(error: unknown): string {
  if (error instanceof StartError || !(error instanceof Error)) return ''
  const file = join(localDir, 'logs', 'launcher.log')
  mkdirSync(join(localDir, 'logs'), { recursive: true })
  appendFileSync(file, `${new Date().toISOString()} ${error.stack ?? error.message}\n`)
  return ` (details in ${relative(process.cwd(), file)})`
}

try {
  process.chdir(root)
  const args = readArguments()
  if (args.help) {
    console.log(help)
    process.exit(0)
  }
  process.exit(await run(args))
} catch (error) {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  console.error(`\nchargelane: ${reason}${keepDetail(error)}`)
  process.exit(1)
}
