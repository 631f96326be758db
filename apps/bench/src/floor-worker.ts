// The worker of the empty workflow, in a process of its own, so that its CPU time is told apart.
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker'

const [address = '', namespace = '', taskQueue = ''] = process.argv.slice(2)
const connection = await NativeConnection.connect({ address })
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('floor-workflow.ts', import.meta.url)),
  }),
  activities: { doNothing: async () => undefined },
})
process.once('disconnect', () => worker.shutdown())
process.once('SIGTERM', () => worker.shutdown())
process.send?.('ready')
await worker.run()
await connection.close()
if (process.connected) process.disconnect()
