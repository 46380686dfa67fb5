// A shell that is only pretended: it takes a moment to start, shows what is typed, and knows `echo`.
import type { WebSocket } from 'ws'

const STARTS_AFTER_MS = 600
const PROMPT = '$ '

export function pretendShell(socket: WebSocket) {
  let line = ''
  let started = false
  const print = (text: string) => socket.send(Buffer.from(text))
  setTimeout(() => {
    started = true
    socket.send(JSON.stringify({ size: { cols: 80, rows: 24 } }))
    print(PROMPT)
  }, STARTS_AFTER_MS)
  socket.on('message', (data, binary) => {
    // As the real one: whoever types before there is a shell is not heard.
    if (!binary || !started) return
    for (const letter of String(data)) {
      if (letter !== '\r') {
        line += letter
        print(letter)
        continue
      }
      const said = /^echo (.*)$/.exec(line)?.[1]
      print(`\r\n${said === undefined ? '' : `said: ${said}\r\n`}${PROMPT}`)
      line = ''
    }
  })
}
