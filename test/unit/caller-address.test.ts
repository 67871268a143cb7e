// Who a caller is, as far as an address tells.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { callerAddress } from '../../src/access/caller-address.ts'
import { openCounter } from '../../src/access/limiter.ts'

test('an IPv6 network of /64 is one caller, however its addresses are written', () => {
  for (const address of ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff::abcd', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::192.0.2.1'])
    assert.equal(callerAddress(address), '2001:db8:1:2::/64', address)
  assert.notEqual(callerAddress('2001:db8:1:3::1'), '2001:db8:1:2::/64')
  assert.equal(callerAddress('::1'), '0:0:0:0::/64')
  assert.equal(callerAddress('fe80::1%eth0'), 'fe80:0:0:0::/64')
})

test('an IPv4 address is the same caller when it arrives as IPv6', () => {
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:c000:0207', '0:0:0:0:0:ffff:c000:207'])
    assert.equal(callerAddress(address), '192.0.2.7', address)
})

test('whatever the rest of it, addresses of one network have one name and of two networks two', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16))
  fc.assert(
    fc.property(fc.array(group, { minLength: 12, maxLength: 12 }), (groups) => {
      const [network, one, two] = [groups.slice(0, 4), groups.slice(4, 8), groups.slice(8)]
      const [a, b] = [callerAddress([...network, ...one].join(':')), callerAddress([...network, ...two].join(':'))]
      if (!a.includes('.') && !b.includes('.')) assert.equal(a, b)
      const other = [(Number.parseInt(network[0] as string, 16) ^ 1).toString(16), ...network.slice(1)]
      assert.notEqual(callerAddress([...other, ...one].join(':')), a)
    }),
    { seed: 26 },
  )
})

test('what is given back does not count, and every caller has a count of their own', () => {
  const { count, giveBack } = openCounter(2, 60_000)
  assert.deepEqual([count('a'), count('a'), count('a'), count('b')], [true, true, false, true])
  giveBack('a')
  giveBack('a')
  assert.equal(count('a'), true)
  giveBack('never counted')
})
