import { randomUUID } from 'node:crypto'
import { CallError, Link, type LoggedFrame, type Payload } from './link.ts'
import { advance, claimedNow, powerAt, readingOf, registerWhOf } from './energy.ts'
import type { RunningTransaction } from './energy.ts'
import { accountOf, configurationOf, type Connector, stateOf, statusOf } from './connector.ts'
import type { ChargePoint, ChargePointOptions, FinishedSession } from './options.ts'

// A simulated charge point that speaks OCPP 1.6J over a real socket. It knows nothing of the product but the wire.

export type { LoggedFrame } from './link.ts'
export type {
  ChargePoint,
  ChargePointOptions,
  ChargePointScenario,
  ConnectorStatus,
  FinishedSession,
} from './options.ts'

/** Connects, boots and reports its connectors; rejects when the central system refuses the credentials. */
export async function startChargePoint(options: ChargePointOptions): Promise<ChargePoint> {
  const station = new SimulatedStation(options)
  try {
    await station.start()
  } catch (error) {
    // Otherwise its own reconnecting would fight the next attempt for the line.
    await station.stop()
    throw error
  }
  return station
}

class SimulatedStation implements ChargePoint {
  readonly identity: string
  readonly sessions: FinishedSession[] = []
  #options: ChargePointOptions
  readonly #link: Link
  readonly #connectors: Connector[]
  readonly #timers = new Set<NodeJS.Timeout>()
  #mustBoot = true
  #booted: Promise<void> = Promise.resolve()
  #heartbeat: NodeJS.Timeout | undefined
  #ticker: NodeJS.Timeout | undefined

  constructor(options: ChargePointOptions) {
    this.#options = options
    this.identity = options.identity
    this.#connectors = Array.from({ length: options.connectors ?? 1 }, (_, index) => ({
      id: index + 1,
      status: 'Available',
      plugged: false,
      registerWh: options.meterStartWh ?? 1_204_350,
      transaction: undefined,
      pending: undefined,
    }))
    this.#link = new Link({
      url: options.url,
      identity: options.identity,
      password: options.password,
      callTimeoutMs: options.callTimeoutMs ?? 10_000,
      reconnectMs: options.reconnectMs ?? 500,
      onCall: (action, payload) => this.#onCall(action, payload),
      onOpen: () => this.#onOpen(),
      onClose: () => clearInterval(this.#heartbeat),
    })
  }

  get log(): readonly LoggedFrame[] {
    return this.#link.log
  }

  async start(): Promise<void> {
    await this.#link.connect()
    await this.#booted
  }

  set(options: Partial<ChargePointOptions>): void {
    this.#options = { ...this.#options, ...options }
  }

  plugIn(connectorId = 1): void {
    const connector = this.#connector(connectorId)
    connector.plugged = true
    if (connector.transaction !== undefined) return
    this.#report(connector, 'Preparing')
    if (connector.pending !== undefined) this.#startPending(connector, connector.pending.idTag)
  }

  unplug(connectorId = 1): void {
    const connector = this.#connector(connectorId)
    connector.plugged = false
    if (connector.transaction !== undefined) this.#end(connector, 'EVDisconnected')
    else this.#report(connector, 'Available')
  }

  async startLocal(rfid: string, connectorId = 1) {
    const connector = this.#connector(connectorId)
    connector.plugged = true
    this.#report(connector, 'Preparing')
    // Offline, a charge point with a local policy lets known cards charge and asks later (OCPP 1.6 §3.5).
    const answer = this.#link.online
      ? await this.#link.call('Authorize', { idTag: rfid })
      : { idTagInfo: { status: 'Accepted' } }
    const status = statusOf(answer['idTagInfo'])
    if (status === 'Accepted') {
      const transaction = this.#begin(connector, rfid)
      if (this.#link.online) await transaction.begun.catch(() => undefined)
    } else {
      this.#report(connector, 'Available')
    }
    return { accepted: status === 'Accepted', status }
  }

  stopLocal(connectorId = 1): void {
    this.#end(this.#connector(connectorId), 'Local')
  }

  goOffline(): void {
    this.#link.drop()
  }

  goOnline(): Promise<void> {
    return this.#link.connect()
  }

  call(action: string, payload: Payload): Promise<Payload> {
    return this.#link.call(action, payload)
  }

  status() {
    return {
      online: this.#link.online,
      queued: this.#link.queued,
      connectors: this.#connectors.map(stateOf),
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat)
    clearInterval(this.#ticker)
    for (const timer of this.#timers) clearTimeout(timer)
    for (const connector of this.#connectors) clearTimeout(connector.pending?.timer)
    await this.#link.close()
  }

  // ── Line ──────────────────────────────────────────────────────────────────────────────────────

  #onOpen(): void {
    if (this.#mustBoot) {
      this.#booted = this.#boot()
      // A refused boot shows in `start`; later boots have nobody to tell.
      this.#booted.catch(() => undefined)
    } else {
      for (const connector of this.#connectors) this.#report(connector, connector.status)
    }
  }

  async #boot(): Promise<void> {
    const answer = await this.#link.call(
      'BootNotification',
      {
        chargePointVendor: 'Chargelane',
        chargePointModel: 'Simulator DC150',
        chargePointSerialNumber: this.identity.slice(0, 25),
        firmwareVersion: '1.0.0',
      },
      { first: true },
    )
    if (answer['status'] !== 'Accepted') throw new Error(`boot ${String(answer['status'])}`)
    this.#mustBoot = false
    const intervalS = typeof answer['interval'] === 'number' ? answer['interval'] : 300
    clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => {
      this.#link.call('Heartbeat', {}).catch(() => undefined)
    }, intervalS * 1_000)
    await Promise.all(this.#connectors.map((each) => this.#tell(each, each.status)))
  }

  /** Power is gone: line, queue and running transactions vanish, and it boots again later. */
  #losePower(): void {
    for (const connector of this.#connectors) {
      this.#settleEnergy(connector, 'PowerLoss')
      connector.status = 'Available'
      connector.plugged = false
    }
    this.#mustBoot = true
    this.#link.drop()
    this.#link.forget()
    this.#later(this.#options.offlineForMs ?? 1_000, () => this.#reconnect())
  }

  #reconnect(): void {
    this.#link.connect().catch(() => this.#later(500, () => this.#reconnect()))
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }

  #report(connector: Connector, status: string): void {
    void this.#tell(connector, status)
  }

  #tell(connector: Connector, status: string): Promise<void> {
    connector.status = status
    const payload = {
      connectorId: connector.id,
      errorCode: 'NoError',
      status,
      timestamp: this.#claimed(connector),
    }
    return this.#link.call('StatusNotification', payload).then(
      () => undefined,
      // A status that could not be told is told anew when the line is back.
      () => undefined,
    )
  }

  // ── Commands of the central system ────────────────────────────────────────────────────────────

  #onCall(action: string, payload: Payload): Payload {
    switch (action) {
      case 'RemoteStartTransaction':
        return { status: this.#remoteStart(payload) }
      case 'RemoteStopTransaction':
        return { status: this.#remoteStop(payload) }
      case 'TriggerMessage':
        return { status: this.#trigger(payload) }
      case 'GetConfiguration':
        return configurationOf(this.#options, this.#connectors.length)
      case 'ChangeConfiguration':
        return { status: this.#changeConfiguration(payload) }
      case 'Reset':
        this.#later(0, () => this.#reset(payload['type'] === 'Hard' ? 'HardReset' : 'SoftReset'))
        return { status: 'Accepted' }
      case 'UnlockConnector':
        this.#later(0, () => this.#unlock(payload['connectorId']))
        return { status: 'Unlocked' }
      default:
        throw new CallError('NotImplemented', action)
    }
  }

  #remoteStart(payload: Payload): 'Accepted' | 'Rejected' {
    const idTag = payload['idTag']
    const wanted = payload['connectorId']
    const connector = this.#connectors.find((each) =>
      wanted === undefined ? each.transaction === undefined : each.id === wanted,
    )
    if (connector === undefined || typeof idTag !== 'string') return 'Rejected'
    if (connector.transaction !== undefined) return 'Rejected'
    const scenario = this.#options.scenario ?? 'normal'
    if (scenario === 'reject_start') return 'Rejected'
    if (scenario === 'no_start') return 'Accepted'
    if (scenario === 'late_start') {
      this.#later(this.#options.lateStartMs ?? 5_000, () => this.#startPending(connector, idTag))
      return 'Accepted'
    }
    if (connector.plugged) {
      this.#later(0, () => this.#startPending(connector, idTag))
      return 'Accepted'
    }
    clearTimeout(connector.pending?.timer)
    const timer = setTimeout(() => {
      connector.pending = undefined
      this.#report(connector, 'Available')
    }, this.#options.plugTimeoutMs ?? 60_000)
    connector.pending = { idTag, timer }
    this.#later(0, () => this.#report(connector, 'Preparing'))
    const { plugAfterMs } = this.#options
    if (plugAfterMs !== undefined) this.#later(plugAfterMs, () => this.plugIn(connector.id))
    return 'Accepted'
  }

  #startPending(connector: Connector, idTag: string): void {
    clearTimeout(connector.pending?.timer)
    connector.pending = undefined
    connector.plugged = true
    if (connector.transaction === undefined) this.#begin(connector, idTag)
  }

  #remoteStop(payload: Payload): 'Accepted' | 'Rejected' {
    const connector = this.#connectors.find(
      (each) => each.transaction !== undefined && each.transaction.id === payload['transactionId'],
    )
    if (connector === undefined) return 'Rejected'
    this.#later(0, () => this.#end(connector, 'Remote'))
    return 'Accepted'
  }

  #trigger(payload: Payload): 'Accepted' | 'NotImplemented' {
    switch (payload['requestedMessage']) {
      case 'BootNotification':
        this.#later(0, () => void this.#boot().catch(() => undefined))
        return 'Accepted'
      case 'Heartbeat':
        this.#later(0, () => void this.#link.call('Heartbeat', {}).catch(() => undefined))
        return 'Accepted'
      case 'StatusNotification':
        this.#later(0, () => {
          for (const each of this.#connectors) this.#report(each, each.status)
        })
        return 'Accepted'
      case 'MeterValues':
        this.#later(0, () => {
          for (const each of this.#connectors) this.#sample(each, Date.now(), 'Trigger')
        })
        return 'Accepted'
      default:
        return 'NotImplemented'
    }
  }

  #changeConfiguration(payload: Payload): 'Accepted' | 'Rejected' | 'NotSupported' {
    if (payload['key'] !== 'MeterValueSampleInterval') return 'NotSupported'
    const seconds = Number(payload['value'])
    if (!Number.isInteger(seconds) || seconds < 1) return 'Rejected'
    this.set({ meterIntervalS: seconds })
    return 'Accepted'
  }

  #reset(reason: 'HardReset' | 'SoftReset'): void {
    for (const connector of this.#connectors)
      if (connector.transaction !== undefined) this.#end(connector, reason)
    void this.#boot().catch(() => undefined)
  }

  #unlock(connectorId: unknown): void {
    const connector = this.#connectors.find((each) => each.id === connectorId)
    if (connector?.transaction !== undefined) this.#end(connector, 'UnlockCommand')
  }

  // ── A session ─────────────────────────────────────────────────────────────────────────────────

  #begin(connector: Connector, idTag: string): RunningTransaction {
    const realStartMs = Date.now()
    const transaction: RunningTransaction = {
      id: null,
      idTag,
      realStartMs,
      speed: this.#options.speed ?? 1,
      meterStartWh: connector.registerWh,
      deliveredWms: 0,
      sampledMs: realStartMs,
      failed: false,
      begun: Promise.resolve(),
    }
    connector.transaction = transaction
    const payload = {
      connectorId: connector.id,
      idTag,
      meterStart: connector.registerWh,
      timestamp: new Date(realStartMs).toISOString(),
    }
    transaction.begun = this.#announce(connector, transaction, payload)
    transaction.begun.catch(() => undefined)
    this.#report(connector, powerAt(this.#options, transaction, 0) > 0 ? 'Charging' : 'SuspendedEV')
    this.#tickWhileCharging()
    return transaction
  }

  async #announce(
    connector: Connector,
    transaction: RunningTransaction,
    payload: Payload,
  ): Promise<void> {
    const id = randomUUID()
    const answer = await this.#link.call('StartTransaction', payload, { durable: true, id })
    if (typeof answer['transactionId'] === 'number') transaction.id = answer['transactionId']
    if (this.#options.scenario === 'duplicate_start') {
      await this.#link.call('StartTransaction', payload, { durable: true, id })
      await this.#link.call('StartTransaction', payload, { durable: true })
    }
    if (statusOf(answer['idTagInfo']) !== 'Accepted') this.#end(connector, 'DeAuthorized')
  }

  #tickWhileCharging(): void {
    const speed = this.#options.speed ?? 1
    const everyMs = Math.min(
      1_000,
      Math.max(20, ((this.#options.meterIntervalS ?? 60) * 1_000) / speed / 2),
    )
    clearInterval(this.#ticker)
    this.#ticker = setInterval(() => {
      for (const connector of this.#connectors) this.#tick(connector)
      if (this.#connectors.every((each) => each.transaction === undefined))
        clearInterval(this.#ticker)
    }, everyMs)
  }

  #tick(connector: Connector): void {
    const transaction = connector.transaction
    if (transaction === undefined) return
    const claimedMs = claimedNow(transaction)
    const { stopAfterS, failAfterS, meterIntervalS = 60 } = this.#options
    const stopMs =
      stopAfterS === undefined ? undefined : transaction.realStartMs + stopAfterS * 1_000
    const untilMs = Math.min(claimedMs, stopMs ?? claimedMs)
    while (transaction.sampledMs + meterIntervalS * 1_000 <= untilMs)
      this.#sample(connector, transaction.sampledMs + meterIntervalS * 1_000, 'Sample.Periodic')
    if (stopMs !== undefined && claimedMs >= stopMs) {
      this.#end(connector, 'Local', stopMs)
    } else if (
      !transaction.failed &&
      failAfterS !== undefined &&
      claimedMs >= transaction.realStartMs + failAfterS * 1_000
    ) {
      transaction.failed = true
      this.#fail()
    }
  }

  #fail(): void {
    if (this.#options.scenario === 'power_loss') this.#losePower()
    if (this.#options.scenario !== 'offline_mid_session') return
    this.#link.drop()
    this.#later(this.#options.offlineForMs ?? 1_000, () => this.#reconnect())
  }

  #sample(connector: Connector, atMs: number, context: string): void {
    const transaction = connector.transaction
    if (transaction === undefined) return
    const powerW = advance(this.#options, transaction, Math.max(atMs, transaction.sampledMs))
    const nowW = powerAt(
      this.#options,
      transaction,
      (transaction.sampledMs - transaction.realStartMs) / 1e3,
    )
    const wanted = nowW > 0 ? 'Charging' : 'SuspendedEV'
    if (connector.status !== wanted) this.#report(connector, wanted)
    const meterValue = [readingOf(transaction, powerW, context)]
    this.#link
      .call(
        'MeterValues',
        () => ({
          connectorId: connector.id,
          ...(transaction.id === null ? {} : { transactionId: transaction.id }),
          meterValue,
        }),
        { durable: true },
      )
      .catch(() => undefined)
  }

  #end(connector: Connector, reason: string, atMs?: number): void {
    const transaction = connector.transaction
    if (transaction === undefined) return
    const finished = this.#settleEnergy(connector, reason, atMs)
    if (finished === undefined) return
    // The transaction's number may still be on its way: the payload is made when the message is sent.
    const payload = () => ({
      transactionId: transaction.id ?? 0,
      idTag: transaction.idTag,
      meterStop: finished.meterStopWh,
      timestamp: finished.endedAt,
      reason,
    })
    const stop = () => this.#link.call('StopTransaction', payload, { durable: true })
    stop()
      .then(() => {
        finished.transactionId = transaction.id
        return this.#options.scenario === 'repeat_stop' ? stop() : undefined
      })
      .catch(() => undefined)
    this.#report(connector, 'Finishing')
    connector.plugged = false
    this.#report(connector, 'Available')
  }

  /** Ends the flow and writes the charge point's own account of the session. */
  #settleEnergy(connector: Connector, reason: string, atMs?: number): FinishedSession | undefined {
    const transaction = connector.transaction
    if (transaction === undefined) return undefined
    advance(this.#options, transaction, atMs ?? claimedNow(transaction))
    connector.registerWh = registerWhOf(transaction)
    connector.transaction = undefined
    const finished = accountOf(connector, transaction, reason)
    this.sessions.push(finished)
    return finished
  }

  #claimed(connector: Connector): string {
    const { transaction } = connector
    return new Date(transaction === undefined ? Date.now() : claimedNow(transaction)).toISOString()
  }

  #connector(id: number): Connector {
    const connector = this.#connectors.find((each) => each.id === id)
    if (connector === undefined) throw new Error(`${this.identity} has no connector ${id}`)
    return connector
  }
}
