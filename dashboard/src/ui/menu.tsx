import { Menu as BaseMenu } from '@base-ui/react/menu'
import clsx from 'clsx'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Keys } from './keys'

interface MenuProps {
  trigger: ReactElement
  children: ReactNode
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
}

export function Menu({ trigger, children, side = 'bottom', align = 'start' }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner side={side} align={align} sideOffset={5} className="z-50">
          <BaseMenu.Popup className="max-h-[min(420px,var(--available-height))] min-w-44 max-w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none transition duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
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

export function MenuItem({ onSelect, icon, keys, note, danger, disabled, checked, children }: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onSelect}
      disabled={disabled ?? false}
      className={clsx(
        'flex min-h-7 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 outline-none data-disabled:opacity-45 data-highlighted:bg-hover max-md:min-h-10',
        danger && 'text-bad',
      )}
    >
      {icon && <span className={clsx('flex size-4 items-center justify-center', !danger && 'text-ink-3')}>{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {note && <span className="text-ink-3 text-xs">{note}</span>}
      {keys && <Keys keys={keys} />}
      {checked !== undefined && <Check size={14} className={checked ? 'text-accent' : 'invisible'} />}
    </BaseMenu.Item>
  )
}

export const MenuLine = () => <BaseMenu.Separator className="-mx-1 my-1 h-px bg-line" />

export function MenuTitle({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-ink-3 text-xs">{children}</div>
}
