import { useQuery } from '@tanstack/react-query'
import { Bell, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { useState } from 'react'
import { mayNotify, turnOff, turnOn } from '@/agents/notify'
import { remove, session } from '@/api/client'
import { go } from '@/app/navigation'
import { Menu, MenuItem, MenuLine, MenuTitle } from '@/ui/menu'
import { toast } from '@/ui/toast'
import { queries, queryClient } from './queries'
import { setTheme, type Theme, useTheme } from './theme'

const THEMES: { theme: Theme; name: string; icon: typeof Sun }[] = [
  { theme: 'system', name: 'As the system', icon: Monitor },
  { theme: 'light', name: 'Light', icon: Sun },
  { theme: 'dark', name: 'Dark', icon: Moon },
]

export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const { data: me } = useQuery(queries.me)
  const theme = useTheme()
  const [notifies, setNotifies] = useState(mayNotify)

  const toggleNotify = async () => {
    if (notifies) {
      turnOff()
      setNotifies(false)
      return
    }
    const allowed = await turnOn()
    setNotifies(allowed)
    if (!allowed) toast.fail('The browser does not allow this page to notify you.')
  }
  const signOut = async () => {
    // Signed out here even when the server cannot be reached; its session then ends by age.
    await remove('/sessions/current').catch(() => undefined)
    session.end()
    queryClient.clear()
    go({ page: 'signin' })
  }

  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left transition-colors hover:bg-hover data-popup-open:bg-hover max-md:h-10"
        >
          <span
            aria-hidden
            className="flex size-5 items-center justify-center rounded-full bg-active font-medium text-[10px] text-ink-2 uppercase"
          >
            {me?.username.slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1 truncate">{me?.username}</span>
          <Settings size={14} className="text-ink-3" aria-hidden />
        </button>
      }
    >
      <MenuTitle>{me?.email}</MenuTitle>
      <MenuItem icon={<Settings size={14} />} onSelect={() => go({ page: 'settings' })}>
        Settings
      </MenuItem>
      <MenuItem icon={<Keyboard size={14} />} keys="?" onSelect={onKeys}>
        Keys
      </MenuItem>
      <MenuLine />
      {THEMES.map(({ theme: value, name, icon: Icon }) => (
        <MenuItem key={value} icon={<Icon size={14} />} checked={value === theme} onSelect={() => setTheme(value)}>
          {name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<Bell size={14} />} checked={notifies} onSelect={() => void toggleNotify()}>
        Tell me when an agent is done
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut size={14} />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
