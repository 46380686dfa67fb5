import { expect, test } from 'vitest'
import { loadTab, saveTab, shownTab, tabOf } from './panel-tab'

test('the tab that was chosen is there after a reload', () => {
  saveTab('terminal')
  expect(loadTab()).toBe('terminal')
  expect(tabOf('a tab of another version')).toBeUndefined()
})

test('nothing chosen opens at the changes, or at the info of a chat without any', () => {
  expect(shownTab(undefined, { changes: true, workspace: true })).toBe('changes')
  expect(shownTab(undefined, { changes: false, workspace: true })).toBe('info')
})

test('what was chosen stays, except a terminal that has no workspace yet', () => {
  expect(shownTab('info', { changes: true, workspace: true })).toBe('info')
  expect(shownTab('changes', { changes: false, workspace: false })).toBe('changes')
  expect(shownTab('terminal', { changes: false, workspace: true })).toBe('terminal')
  expect(shownTab('terminal', { changes: true, workspace: false })).toBe('changes')
})
