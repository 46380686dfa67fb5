// Where the page is, as data: each address is a place and each place has one address.

export type Place =
  | { page: 'home' }
  | { page: 'new' }
  | { page: 'chat'; chatId: string }
  | { page: 'workspaces' }
  | { page: 'workspace'; workspaceId: string }
  | { page: 'templates' }
  | { page: 'template'; templateId: string }
  | { page: 'settings'; section?: string }
  | { page: 'signin'; next?: string }
  | { page: 'setup' }
  | { page: 'gallery' }
  | { page: 'unknown' }

export function placeOf(pathname: string, search = ''): Place {
  const [first = '', second, ...more] = pathname.split('/').filter(Boolean).map(decoded)
  if (more.length > 0) return { page: 'unknown' }
  switch (first) {
    case '':
      return { page: 'home' }
    case 'chats':
      return second === undefined ? { page: 'home' } : { page: 'chat', chatId: second }
    case 'workspaces':
      return second === undefined ? { page: 'workspaces' } : { page: 'workspace', workspaceId: second }
    case 'templates':
      return second === undefined ? { page: 'templates' } : { page: 'template', templateId: second }
    case 'settings':
      return second === undefined ? { page: 'settings' } : { page: 'settings', section: second }
  }
  if (second !== undefined) return { page: 'unknown' }
  switch (first) {
    case 'new':
      return { page: 'new' }
    case 'setup':
      return { page: 'setup' }
    case 'gallery':
      return { page: 'gallery' }
    case 'signin': {
      const next = new URLSearchParams(search).get('next')
      return next !== null && isOwnPath(next) ? { page: 'signin', next } : { page: 'signin' }
    }
    default:
      return { page: 'unknown' }
  }
}

export function addressOf(place: Place): string {
  switch (place.page) {
    case 'chat':
      return `/chats/${encodeURIComponent(place.chatId)}`
    case 'workspace':
      return `/workspaces/${encodeURIComponent(place.workspaceId)}`
    case 'template':
      return `/templates/${encodeURIComponent(place.templateId)}`
    case 'settings':
      return place.section === undefined ? '/settings' : `/settings/${encodeURIComponent(place.section)}`
    case 'signin':
      return place.next === undefined ? '/signin' : `/signin?next=${encodeURIComponent(place.next)}`
    case 'new':
    case 'workspaces':
    case 'templates':
    case 'setup':
    case 'gallery':
      return `/${place.page}`
    case 'home':
    case 'unknown':
      return '/'
  }
}

/** Only a path of this origin is a place to go on to after the sign-in. */
function isOwnPath(path: string) {
  return /^\/(?![/\\])/.test(path)
}

function decoded(segment: string) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
