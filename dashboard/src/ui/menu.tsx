// Menus. Until one is opened it is only its button: what draws an open menu comes with the first that is, or when the
// pointer is at its button.
import { Check } from 'lucide-react'
import { cloneElement, type ReactNode, useState } from 'react'
import { Keys } from './keys'
import type { MenuParts, MenuProps } from './menu-parts'
import { toast } from './toast'

let parts: MenuParts | undefined

export async function loadMenus() {
  const { menuParts } = await import('./open-menu')
  parts = menuParts
}

/** Without a server it comes when it is asked for. */
const preload = () => {
  if (parts === undefined) void loadMenus().catch(() => undefined)
}

export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false)
  if (wanted && parts !== undefined) return <parts.Open {...props} />
  const open = async () => {
    try {
      if (parts === undefined) await loadMenus()
      setWanted(true)
    } catch {
      toast.fail('The menu could not be loaded. Check the connection, then try again.')
    }
  }
  return cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => void open(),
    onFocus: preload,
    onPointerEnter: preload,
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      event.stopPropagation()
      void open()
    },
  })
}

interface MenuItemProps {
  onSelect: () => void
  icon?: ReactNode
  keys?: string
  note?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** Given for one of several choices. */
  checked?: boolean
  children: ReactNode
}

/** One line of an open menu. */
export function MenuItem({ onSelect, icon, keys, note, danger = false, disabled = false, ...more }: MenuItemProps) {
  const { checked, children } = more
  if (parts === undefined) return null
  return (
    <parts.Item onClick={onSelect} disabled={disabled} danger={danger}>
      {icon && <span className={`flex size-4 items-center justify-center ${danger ? '' : 'text-ink-3'}`}>{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {note && <span className="text-ink-3 text-xs">{note}</span>}
      {keys && <Keys keys={keys} />}
      {checked !== undefined && <Check size={14} className={checked ? 'text-accent' : 'invisible'} />}
    </parts.Item>
  )
}

export const MenuLine = () => parts && <parts.Line />

export function MenuTitle({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-ink-3 text-xs">{children}</div>
}
