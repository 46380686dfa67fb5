import { useState } from 'react'
import { messageOf, request } from '@/api/client'
import { toast } from '@/ui/toast'

export interface PendingFile {
  key: string
  name: string
  media_type: string
  /** Set when the server has it. */
  file_id?: string
}

export const FILE_BYTES_MAX = 10 * 1024 * 1024

/** Files that go with the next message; each is uploaded as soon as it is added. */
export function useAttachments() {
  const [files, setFiles] = useState<PendingFile[]>([])

  const drop = (key: string) => setFiles((now) => now.filter((file) => file.key !== key))

  const add = async (file: File) => {
    if (file.size > FILE_BYTES_MAX) {
      toast.fail(`“${file.name}” is larger than 10 MiB.`)
      return
    }
    const key = crypto.randomUUID()
    const media_type = file.type || 'text/plain'
    setFiles((now) => [...now, { key, name: file.name || 'image.png', media_type }])
    try {
      const { id } = await request<{ id: string }>('POST', '/files', {
        raw: file.type ? file : new Blob([file], { type: media_type }),
        query: { name: file.name || 'image.png' },
      })
      setFiles((now) => now.map((other) => (other.key === key ? { ...other, file_id: id } : other)))
    } catch (error) {
      drop(key)
      toast.fail(`“${file.name}” was not taken: ${messageOf(error)}`)
    }
  }

  return {
    files,
    ready: files.every((file) => file.file_id !== undefined),
    add: (list: Iterable<File>) => {
      for (const file of list) void add(file)
    },
    drop,
    clear: () => setFiles([]),
  }
}
