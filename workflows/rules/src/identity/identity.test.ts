import { describe, expect, test } from 'vitest'
import { isIban, isVatId, nameKey, vatKey } from './account.ts'
import { evseKey, readEvseId } from './evse-id.ts'

describe('EVSE-IDs', () => {
  test.each([
    ['DE*AB7*E840*6487', 'DEAB7E8406487'],
    ['DE*CLN*E1001*1', 'decln-e1001 1'],
    ['CH*REP*E020*01*1', 'CH*REPE020*01*1'],
    ['+49*810*000*438', '49*810*000*438'],
  ])('%s and %s are one', (a, b) => {
    expect(readEvseId(a)).toBeDefined()
    expect(readEvseId(a)).toEqual(readEvseId(b))
    expect(evseKey(a)).toBe(evseKey(b))
  })

  test('an operator of the older scheme is told apart from its outlet', () => {
    expect(readEvseId('+49*810*548*1')).toEqual({ key: '49*810*5481', operator: '+49*810' })
    expect(readEvseId('+49*810548*1')).toEqual({ key: '49*810548*1', operator: '+49*810548' })
  })

  test.each([
    '#NA',
    '',
    ' ',
    '1',
    'EVSE-1',
    'CH*ENMOBILECHARGE',
    '+4A*810*000*438',
    '+49*AB7*840',
    'DE*VWL*',
  ])('%j is none', (text) => {
    expect(readEvseId(text)).toBeUndefined()
  })
})

describe('accounts', () => {
  test.each(['DE89370400440532013000', 'GB33BUKB20201555555555', 'CH9300762011623852957'])(
    '%s is an IBAN, and none with another check digit',
    (iban) => {
      expect(isIban(iban)).toBe(true)
      expect(isIban(`${iban.slice(0, 2)}11${iban.slice(4)}`)).toBe(false)
      expect(isIban(`${iban}0`)).toBe(false)
    },
  )

  test.each([
    'DE136695976',
    'GB980780684',
    'XI980780684',
    'EL094259216',
    'CHE116281710MWST',
    'NO995525828MVA',
    'NL004495445B01',
  ])('%s is a VAT number', (id) => {
    expect(isVatId(id)).toBe(true)
  })

  test.each([
    'DE123456789',
    'DE13669597',
    'XX136695976',
    'US12345678',
    'XI980780685',
    'CHE116281710',
    'NO995525828',
  ])('%s is no VAT number', (id) => {
    expect(isVatId(id)).toBe(false)
  })

  test('one number and one name in other spellings are one', () => {
    expect(vatKey('CHE-116.281.710')).toBe(vatKey('CHE116281710MWST'))
    expect(vatKey('XI980780684')).toBe(vatKey('GB980780684'))
    expect(nameKey('Voltwerk  Ladenetz GmbH')).toBe(nameKey('VOLTWERK-Ladenetz Gmbh.'))
    expect(nameKey('Élan')).toBe(nameKey('Elan'))
    expect(nameKey('Voltwerk')).not.toBe(nameKey('Voltwerk Nord'))
  })

  test.each([
    ['a Cyrillic o', 'Vоltwerk Ladenetz GmbH'],
    ['a Greek o and another form', 'Vοltwerk Ladenetz AG'],
    ['a nought', 'V0ltwerk Ladenetz'],
    ['a one', 'Vo1twerk Ladenetz'],
    ['a capital i', 'VoItwerk Ladenetz UG'],
    ['full-width letters', 'Ｖｏｌｔｗｅｒｋ Ladenetz'],
    ['an unseen tag', 'Volt\u{e0041}werk Ladenetz GmbH & Co. KG'],
    ['its form written out', 'Voltwerk Ladenetz G.m.b.H.'],
  ])('a name with %s is the one that it looks like', (_, name) => {
    expect(nameKey(name)).toBe(nameKey('Voltwerk Ladenetz GmbH'))
  })

  test('a name that is nothing but a form is a name all the same', () => {
    expect(nameKey('AG GmbH')).toBe('ag')
    expect(nameKey('SE')).toBe('se')
  })
})
