// Going from place to place without loading the page again.
import { type ComponentProps, type MouseEvent, useSyncExternalStore } from 'react'
import { addressOf, type Place, placeOf } from './place'

let place: Place = placeOf(location.pathname, location.search)
const listeners = new Set<() => void>()

function arrive() {
  place = placeOf(location.pathname, location.search)
  for (const listener of listeners) listener()
}

window.addEventListener('popstate', arrive)

/** Goes to a place, or to an address of this page. */
export function go(to: Place | string, { replace = false } = {}) {
  const address = typeof to === 'string' ? to : addressOf(to)
  if (replace) history.replaceState(null, '', address)
  else if (address !== location.pathname + location.search) history.pushState(null, '', address)
  arrive()
}

export function usePlace(): Place {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => place,
  )
}

export function useOpenChatId(): string | undefined {
  const here = usePlace()
  return here.page === 'chat' ? here.chatId : undefined
}

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  to: Place
}

export function Link({ to, onClick, ...props }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    // A click that asks for a new tab or window is the browser's.
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    ) {
      return
    }
    event.preventDefault()
    go(to)
  }
  return <a {...props} href={addressOf(to)} onClick={follow} />
}
