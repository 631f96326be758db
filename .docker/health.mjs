// Container health: every argument must hold. `http:4400/health` answers 2xx, `tcp:4401` accepts,
// `queue:corridor` has this container among the pollers of the Temporal task queue.
import { createConnection } from 'node:net'
import { hostname } from 'node:os'

const timeoutMs = 5000

async function http(target) {
  const slash = target.indexOf('/')
  const [port, path] = [target.slice(0, slash), target.slice(slash)]
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!answer.ok) throw new Error(`${target} answered ${answer.status}`)
}

function tcp(port) {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: Number(port), timeout: timeoutMs })
    socket.once('connect', () => resolve(socket.destroy()))
    socket.once('error', reject)
    socket.once('timeout', () => reject(new Error(`port ${port} does not answer`)))
  })
}

async function queue(name) {
  const { Connection } = await import('@temporalio/client')
  const connection = await Connection.connect({
    address: process.env.TEMPORAL_ADDRESS,
    connectTimeout: timeoutMs,
  })
  // Temporal API, enum TaskQueueType: workflow 1, activity 2. A node polls activities only.
  for (const taskQueueType of [1, 2]) {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: process.env.TEMPORAL_NAMESPACE,
      taskQueue: { name },
      taskQueueType,
    })
    if (pollers?.some(({ identity }) => identity?.endsWith(`@${hostname()}`))) return
  }
  throw new Error(`nobody here polls ${name}`)
}

const checks = { http, tcp, queue }
try {
  for (const argument of process.argv.slice(2)) {
    const colon = argument.indexOf(':')
    await checks[argument.slice(0, colon)](argument.slice(colon + 1))
  }
  process.exit(0)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
