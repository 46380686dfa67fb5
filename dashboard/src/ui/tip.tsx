import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Keys } from './keys'

interface TipProps {
  text: string
  keys?: string
  children: ReactElement
}

export function Tip({ text, keys, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-50">
          <Tooltip.Popup className="flex max-w-72 items-center gap-2 whitespace-pre-line rounded-md bg-solid px-2 py-1 text-xs text-on-solid transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {text}
            {keys && <Keys keys={keys} inverse />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
