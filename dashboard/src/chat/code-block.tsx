import { Check, Copy } from 'lucide-react'
import { memo, useState } from 'react'
import { IconButton } from '@/ui/button'
import { toast } from '@/ui/toast'
import { Highlighted } from './highlighted'

interface CodeBlockProps {
  language: string
  code: string
  /** Still growing: shown plain, coloured when it is whole. */
  open?: boolean
}

export const CodeBlock = memo(function CodeBlock({ language, code: raw, open = false }: CodeBlockProps) {
  const code = raw.replace(/\n+$/, '')
  return (
    <div className="group/code relative my-1 rounded-lg border border-line bg-sunken">
      <span className="pointer-events-none absolute top-1.5 right-2.5 select-none font-mono text-[11px] text-ink-3 group-hover/code:opacity-0">
        {language}
      </span>
      <CopyButton
        text={code}
        className="absolute top-1 right-1 bg-sunken opacity-0 focus-visible:opacity-100 group-hover/code:opacity-100"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-lg px-3.5 py-2.5 text-[12.5px] leading-5">
        <code>{open ? code : <Highlighted code={code} language={language} />}</code>
      </pre>
    </div>
  )
})

export function CopyButton({ text, className }: { text: string; className?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      setTimeout(() => setCopied(false), 1_500)
    } catch {
      toast.fail('The browser did not allow copying.')
    }
  }
  return (
    <IconButton
      small
      label={copied ? 'Copied' : 'Copy'}
      onClick={() => void copy()}
      {...(className ? { className } : {})}
    >
      {copied ? <Check size={13} className="text-good" /> : <Copy size={13} />}
    </IconButton>
  )
}
