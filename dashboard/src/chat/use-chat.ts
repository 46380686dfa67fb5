import { useEffect, useState, useSyncExternalStore } from 'react'
import { ChatStore } from './store'

/** The store of one open chat; give the component that calls this a key with the chat's id. */
export function useChatStore(chatId: string) {
  const [store] = useState(() => new ChatStore(chatId))
  useEffect(() => {
    store.start()
    return () => store.stop()
  }, [store])
  const view = useSyncExternalStore(store.subscribe, store.snapshot)
  return { store, view }
}
