// What draws an open menu, apart from `menu.tsx` so that it need not be loaded before one is opened.
import { Menu as BaseMenu } from '@base-ui/react/menu'
import clsx from 'clsx'
import type { MenuParts } from './menu-parts'

export const menuParts: MenuParts = {
  Open: ({ trigger, children, side = 'bottom', align = 'start' }) => (
    <BaseMenu.Root defaultOpen>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner side={side} align={align} sideOffset={5} className="z-50">
          <BaseMenu.Popup className="max-h-[min(420px,var(--available-height))] min-w-44 max-w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none transition duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  ),
  Item: ({ onClick, disabled, danger, children }) => (
    <BaseMenu.Item
      onClick={onClick}
      disabled={disabled}
      className={clsx(
        'flex min-h-7 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 outline-none data-disabled:opacity-45 data-highlighted:bg-hover max-md:min-h-10',
        danger && 'text-bad',
      )}
    >
      {children}
    </BaseMenu.Item>
  ),
  Line: () => <BaseMenu.Separator className="-mx-1 my-1 h-px bg-line" />,
}
