import { expect, test } from 'vitest'
import { merged } from './ports'

test('each port is there once, the user’s own first', () => {
  expect(
    merged([
      { port: 22, address: '0.0.0.0' },
      { port: 8080, address: '::' },
      { port: 8080, address: '127.0.0.1', process: 'node' },
      { port: 3000, address: '127.0.0.1', process: 'python3' },
    ]).map(({ port, process }) => [port, process]),
  ).toEqual([
    [3000, 'python3'],
    [8080, 'node'],
    [22, undefined],
  ])
})
