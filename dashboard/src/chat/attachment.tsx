import { useQuery } from '@tanstack/react-query'
import { File } from 'lucide-react'
import { useEffect, useState } from 'react'
import { session, urlOf } from '@/api/client'

interface Shown {
  file_id: string
  name?: string
  media_type?: string
}

/** A file in a message: images as pictures, others by name. */
export function Attachment({ file }: { file: Shown }) {
  const isImage = file.media_type?.startsWith('image/') ?? false
  const blob = useFile(file.file_id, isImage)
  if (isImage && blob.url !== undefined) {
    return (
      <a href={blob.url} target="_blank" rel="noopener noreferrer" className="block w-fit">
        <img
          src={blob.url}
          alt={file.name ?? 'Attached image'}
          className="max-h-56 max-w-full rounded-lg border border-line object-contain"
        />
      </a>
    )
  }
  return (
    <span className="flex w-fit max-w-full items-center gap-1.5 rounded-md border border-line bg-canvas px-2 py-1 text-xs">
      <File size={13} className="shrink-0 text-ink-3" />
      <span className="truncate">{file.name ?? 'File'}</span>
      {blob.failed && <span className="text-bad">could not be loaded</span>}
    </span>
  )
}

/** The file's bytes as a local address: an image element alone cannot send the request's secret. */
function useFile(id: string, wanted: boolean) {
  const { data, isError } = useQuery({
    queryKey: ['files', id],
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const response = await fetch(urlOf(`/files/${id}`), { headers: { 'X-Warren-CSRF': session.csrf() } })
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      return response.blob()
    },
  })
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (data === undefined) return
    const address = URL.createObjectURL(data)
    setUrl(address)
    return () => URL.revokeObjectURL(address)
  }, [data])
  return { url, failed: isError }
}
