// Finds names by a few letters: those that have all words in them, the ones that begin with them first.

export function rank<T extends { name: string }>(entries: T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries
  return entries
    .flatMap((entry, order) => {
      const name = entry.name.toLowerCase()
      let score = 0
      for (const word of words) {
        const at = name.indexOf(word)
        if (at < 0) return []
        score += at === 0 ? 0 : /\W/.test(name.charAt(at - 1)) ? 1 : 2
      }
      return [{ entry, score, order }]
    })
    .sort((a, b) => a.score - b.score || a.order - b.order)
    .map(({ entry }) => entry)
}
