// What a menu is given, and what an open one is made of: known to its button and to what draws it.
import type { ComponentType, KeyboardEvent, ReactElement, ReactNode } from 'react'

interface Trigger {
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
  onClick?: () => void
  onFocus?: () => void
  onKeyDown?: (event: KeyboardEvent) => void
  onPointerEnter?: () => void
}

export interface MenuProps {
  trigger: ReactElement<Trigger>
  children: ReactNode
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
}

/** What an open menu is made of. */
export interface MenuParts {
  Open: ComponentType<MenuProps>
  Item: ComponentType<{ onClick: () => void; disabled: boolean; danger: boolean; children: ReactNode }>
  Line: ComponentType
}
