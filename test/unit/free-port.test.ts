// Ports for the servers of tests: none is given out twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'

test('no port is given to two servers of one process, however many ask', async () => {
  const ports = await Promise.all(Array.from({ length: 400 }, freePort))
  assert.equal(new Set(ports).size, ports.length)
  assert.ok(ports.every((port) => port < 32_768))
})
