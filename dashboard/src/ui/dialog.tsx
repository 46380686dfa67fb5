import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import clsx from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  wide?: boolean
  children: ReactNode
}

export function Dialog({ open, onClose, title, description, wide = false, children }: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity duration-140 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/60" />
        <BaseDialog.Popup
          className={clsx(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col overflow-y-auto rounded-xl bg-raised p-5 shadow-pop transition duration-140 ease-out data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0 max-md:top-[5vh] max-md:max-h-[90vh]',
            wide ? 'max-w-[560px]' : 'max-w-[440px]',
          )}
        >
          <div className="mb-4 pr-8">
            <BaseDialog.Title className="font-semibold text-[15px] leading-6">{title}</BaseDialog.Title>
            {description && (
              <BaseDialog.Description className="mt-0.5 text-ink-2">{description}</BaseDialog.Description>
            )}
          </div>
          {children}
          {/* Last, so that the first field has the focus when the dialog opens. */}
          <BaseDialog.Close
            aria-label="Close"
            className="absolute top-4 right-4 flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink max-md:size-9"
          >
            <X size={15} />
          </BaseDialog.Close>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex justify-end gap-2">{children}</div>
}
