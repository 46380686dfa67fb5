import { Tabs } from '@base-ui/react/tabs'
import { X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Chat, Workspace } from '@/api/types'
import type { ChatState } from '@/chat/reducer'
import { Terminals } from '@/terminal/terminals'
import { IconButton } from '@/ui/button'
import { changedFiles } from './changes'
import ChangesList from './changes-list'
import { Info } from './info'
import { loadTab, saveTab, shownTab, tabOf } from './panel-tab'

interface SidePanelProps {
  chat: Chat
  workspace: Workspace | undefined
  state: ChatState
  /** Opens at the info, and not where it was left. */
  atInfo: boolean
  onClose: () => void
  onSend: (text: string) => Promise<boolean>
}

const TAB =
  'flex h-7 items-center gap-1.5 rounded-md px-2 text-ink-3 hover:text-ink data-active:bg-hover data-active:text-ink'

/** Beside the conversation: what was changed, and where it all happens. Over it, where there is no room. */
export default function SidePanel({ chat, workspace, state, atInfo, onClose, onSend }: SidePanelProps) {
  const files = useMemo(() => changedFiles(state.messages), [state.messages])
  const [chosen, setChosen] = useState(() => (atInfo ? 'info' : loadTab()))
  const choose = (value: unknown) => {
    const tab = tabOf(value)
    setChosen(tab)
    if (tab !== undefined) saveTab(tab)
  }
  return (
    <aside
      aria-label="Changes and info"
      className="flex w-[min(460px,40vw)] shrink-0 flex-col border-line border-l bg-canvas max-[1179px]:absolute max-[1179px]:inset-y-0 max-[1179px]:right-0 max-[1179px]:z-20 max-[1179px]:w-[min(460px,100%)] max-[1179px]:shadow-pop"
    >
      <Tabs.Root
        value={shownTab(chosen, { changes: files.length > 0, workspace: workspace !== undefined })}
        onValueChange={choose}
        className="flex min-h-0 flex-1 flex-col"
      >
        <div className="flex h-12 shrink-0 items-center border-line border-b pr-2 pl-3">
          <Tabs.List className="flex flex-1 gap-1">
            <Tabs.Tab value="changes" className={TAB}>
              Changes {files.length > 0 && <span className="text-ink-3 text-xs tabular-nums">{files.length}</span>}
            </Tabs.Tab>
            {workspace && (
              <Tabs.Tab value="terminal" className={TAB}>
                Terminal
              </Tabs.Tab>
            )}
            <Tabs.Tab value="info" className={TAB}>
              Info
            </Tabs.Tab>
          </Tabs.List>
          <IconButton label="Hide the side panel" keys="]" onClick={onClose}>
            <X size={15} />
          </IconButton>
        </div>
        <Tabs.Panel value="changes" className="min-h-0 flex-1 overflow-y-auto">
          <ChangesList files={files} onSend={onSend} />
        </Tabs.Panel>
        {workspace && (
          <Tabs.Panel value="terminal" className="min-h-0 flex-1">
            <Terminals workspace={workspace} opensFirst className="h-full" />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="info" className="min-h-0 flex-1 overflow-y-auto">
          <Info chat={chat} workspace={workspace} />
        </Tabs.Panel>
      </Tabs.Root>
    </aside>
  )
}
