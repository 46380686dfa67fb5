// Follows the end of a growing page, but only while the reader is there: any upward move of theirs releases it.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** This near to the end counts as being there. */
const NEAR_PX = 48

export interface Tail {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  atEnd: boolean
  toEnd: () => void
}

export function useTail(): Tail {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    following.current = true
    setAtEnd(true)
    element.scrollTop = element.scrollHeight
  }, [])

  useEffect(() => {
    const element = scroller.current
    const inner = content.current
    if (element === null || inner === null) return
    let lastTop = element.scrollTop
    let lastHeight = element.scrollHeight

    const follow = (next: boolean) => {
      following.current = next
      setAtEnd(next)
    }
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = element
      const distance = scrollHeight - scrollTop - clientHeight
      // When the page gets shorter the browser moves it up; that is not the reader.
      const movedUp = scrollTop < lastTop - 1 && scrollHeight >= lastHeight
      lastTop = scrollTop
      lastHeight = scrollHeight
      if (movedUp && distance > 2) follow(false)
      else if (distance <= NEAR_PX && !following.current) follow(true)
    }
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollHeight > element.clientHeight) follow(false)
    }
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(inner)
    observer.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('wheel', onWheel)
    }
  }, [])

  return { scroller, content, atEnd, toEnd }
}
