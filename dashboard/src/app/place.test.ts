import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, type Place, placeOf } from './place'

const id = fc.string({ minLength: 1 }).filter((text) => text !== '.' && text !== '..')
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom<Place>(
    { page: 'home' },
    { page: 'new' },
    { page: 'workspaces' },
    { page: 'setup' },
    { page: 'settings' },
  ),
  id.map((chatId): Place => ({ page: 'chat', chatId })),
  id.map((workspaceId): Place => ({ page: 'workspace', workspaceId })),
  id.map((section): Place => ({ page: 'settings', section })),
  fc.constant<Place>({ page: 'signin', next: '/chats/a?b=c' }),
)

test('each place has an address that leads back to it', () => {
  fc.assert(
    fc.property(places, (place) => {
      const url = new URL(addressOf(place), 'http://here')
      expect(placeOf(url.pathname, url.search)).toEqual(place)
    }),
  )
})

test.each(['https://elsewhere', '//elsewhere', '/\\elsewhere', 'chats'])('a sign-in does not lead on to %s', (next) => {
  expect(placeOf('/signin', `?next=${encodeURIComponent(next)}`)).toEqual({ page: 'signin' })
})

test('an address that is nothing is unknown', () => {
  expect(placeOf('/nothing')).toEqual({ page: 'unknown' })
  expect(placeOf('/chats/a/b')).toEqual({ page: 'unknown' })
  expect(placeOf('/setup/a')).toEqual({ page: 'unknown' })
})
