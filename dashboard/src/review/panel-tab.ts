// Which tab of the side panel is open: the one that was chosen last, in this browser.

const TABS = ['changes', 'terminal', 'info'] as const
const KEY = 'warren.panel.tab'

export type PanelTab = (typeof TABS)[number]

export const tabOf = (value: unknown): PanelTab | undefined => TABS.find((tab) => tab === value)

export const loadTab = () => tabOf(localStorage.getItem(KEY))

export const saveTab = (tab: PanelTab) => localStorage.setItem(KEY, tab)

/** What is shown of what was chosen: a chat has a terminal only with a workspace, and opens at its changes if it made any. */
export function shownTab(chosen: PanelTab | undefined, has: { changes: boolean; workspace: boolean }): PanelTab {
  if (chosen === undefined || (chosen === 'terminal' && !has.workspace)) return has.changes ? 'changes' : 'info'
  return chosen
}
