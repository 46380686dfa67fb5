import { Dialog } from '@/ui/dialog'
import { Keys } from '@/ui/keys'
import { ALL_KEYS } from './keys'

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Keys">
      <dl className="flex flex-col">
        {ALL_KEYS.map(({ keys, does }) => (
          <div key={keys} className="flex h-8 items-center justify-between border-line border-t first:border-t-0">
            <dt className="text-ink-2">{does}</dt>
            <dd className="flex gap-1">
              {keys.split(' ').map((chord) => (
                <Keys key={chord} keys={chord} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
