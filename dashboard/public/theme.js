// Runs before the first paint, so that a page in the dark theme does not flash white.
;(() => {
  const chosen = localStorage.getItem('warren.theme')
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
