import { expect, test } from 'vitest'
import { controlOf, Typed } from './typed'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (typed: Typed) => typed.take().map((part) => new TextDecoder().decode(part))
const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...more })

test('what was typed is taken once, in order', () => {
  const typed = new Typed()
  typed.keep(bytes('ls'))
  typed.keep(bytes('\r'))
  expect(text(typed)).toEqual(['ls', '\r'])
  expect(text(typed)).toEqual([])
})

test('of more than is kept nothing is sent, and the next line is', () => {
  const typed = new Typed()
  typed.keep(bytes('rm -r x'))
  typed.keep(bytes('y'.repeat(4_096)))
  typed.keep(bytes('\r'))
  expect(text(typed)).toEqual([])
  typed.keep(bytes('ls'))
  expect(text(typed)).toEqual(['ls'])
})

test('old keys are dropped whole, and new ones begin anew', () => {
  let now = 1_000
  const typed = new Typed(() => now)
  typed.keep(bytes('rm -r /tmp/a'))
  now += 31_000
  expect(text(typed)).toEqual([])
  typed.keep(bytes('rm -r /tmp/b'))
  now += 31_000
  typed.keep(bytes('ls'))
  expect(text(typed)).toEqual(['ls'])
})

test('keys without text have what a terminal is sent for them', () => {
  expect(controlOf(key('c', { ctrlKey: true }))).toBe('\x03')
  expect(controlOf(key('D', { ctrlKey: true }))).toBe('\x04')
  expect(controlOf(key('Backspace'))).toBe('\x7f')
  expect(controlOf(key('Escape'))).toBe('\x1b')
  expect(controlOf(key('a'))).toBeUndefined()
  expect(controlOf(key('v', { ctrlKey: true, altKey: true }))).toBeUndefined()
})
