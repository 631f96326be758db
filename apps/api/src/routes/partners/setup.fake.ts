// A card provider of tests that knows its test cards, and whose payers name one when a test says so.
import type { PaymentSetup, SetupState } from '@chargelane/corridor/payment/payment'

const visa = { brand: 'visa', last4: '4242', expires: '2034-12', wallet: null }

export type FakeSetup = PaymentSetup & {
  states: Map<string, SetupState>
  detached: string[]
  isOut: boolean
}

const secrets = (setup: string) => ({
  clientSecret: `${setup}_secret`,
  publishableKey: 'pk_test_api',
})

export function createFakeSetup(): FakeSetup {
  const fake: FakeSetup = {
    states: new Map(),
    detached: [],
    isOut: false,
    begin(sourceId) {
      if (fake.isOut) return Promise.reject(new Error('no connection'))
      const setup = `seti_${sourceId}`
      fake.states.set(setup, { kind: 'waiting', ...secrets(setup) })
      return Promise.resolve({ setup, customer: `cus_${sourceId}`, ...secrets(setup) })
    },
    look: (setup) =>
      Promise.resolve(fake.states.get(setup) ?? { kind: 'refused', code: 'setup_canceled' }),
    read: (method) =>
      Promise.resolve(
        method.startsWith('pm_card_') ? { method, customer: null, card: visa } : undefined,
      ),
    detach(method) {
      fake.detached.push(method)
      return Promise.resolve()
    },
  }
  return fake
}
