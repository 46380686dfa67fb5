// Tips: one for the whole page, shown beside whatever carries `data-tip`. What a screen reader needs is the element's own
// name, so the tip is only for the eye.
import { cloneElement, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Keys } from './keys'

interface TipProps {
  text: string
  keys?: string
  children: ReactElement<{ 'data-tip'?: string; 'data-keys'?: string | undefined }>
}

export function Tip({ text, keys, children }: TipProps) {
  return cloneElement(children, { 'data-tip': text, 'data-keys': keys })
}

const DELAY_MS = 400
/** Whoever has just read a tip gets the next at once. */
const WARM_MS = 300
const GAP_PX = 6

interface Shown {
  text: string
  keys: string | undefined
  at: DOMRect
}

export function Tips() {
  const [shown, setShown] = useState<Shown>()
  const popup = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let timer: number | undefined
    let current: Element | undefined
    let hiddenAt = 0

    const hide = () => {
      clearTimeout(timer)
      if (current !== undefined) hiddenAt = Date.now()
      current = undefined
      setShown(undefined)
    }
    const show = (element: Element) => {
      const { tip, keys } = element instanceof HTMLElement ? element.dataset : {}
      // A button whose menu is open has no use for its name.
      if (!tip || !element.isConnected || element.getAttribute('aria-expanded') === 'true') return
      current = element
      setShown({ text: tip, keys, at: element.getBoundingClientRect() })
    }
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch' || !(event.target instanceof Element)) return
      const element = event.target.closest('[data-tip]')
      if (element !== null && element === current) return
      hide()
      if (element === null) return
      timer = window.setTimeout(() => show(element), Date.now() - hiddenAt < WARM_MS ? 0 : DELAY_MS)
    }
    const focus = (event: FocusEvent) => {
      if (!(event.target instanceof Element) || !event.target.matches('[data-tip]:focus-visible')) return
      show(event.target)
    }
    const events = ['pointerdown', 'keydown', 'scroll', 'focusout'] as const
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    for (const name of events) document.addEventListener(name, hide, true)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      for (const name of events) document.removeEventListener(name, hide, true)
    }
  }, [])

  // Beneath its element, or above where there is no room; never outside the window.
  useLayoutEffect(() => {
    const element = popup.current
    if (element === null || shown === undefined) return
    const { width, height } = element.getBoundingClientRect()
    const left = shown.at.left + shown.at.width / 2 - width / 2
    const below = shown.at.bottom + GAP_PX
    element.style.left = `${Math.max(GAP_PX, Math.min(left, window.innerWidth - width - GAP_PX))}px`
    element.style.top = `${below + height > window.innerHeight - GAP_PX ? shown.at.top - GAP_PX - height : below}px`
  }, [shown])

  if (shown === undefined) return null
  return (
    <div
      ref={popup}
      aria-hidden
      className="pointer-events-none fixed z-[60] flex max-w-80 items-center gap-2 whitespace-pre-line rounded-md bg-solid px-2 py-1 text-on-solid text-xs"
    >
      {shown.text}
      {shown.keys && <Keys keys={shown.keys} inverse />}
    </div>
  )
}
