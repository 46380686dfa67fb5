// The frame of the pages before the sign-in, and what follows it.
import type { ReactNode } from 'react'
import { session } from '@/api/client'
import type { SignedIn } from '@/api/types'
import { Mark } from '@/ui/mark'
import { go } from './navigation'
import { queries, queryClient } from './queries'

export function EntryFrame({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-full flex-col items-center bg-side px-4 pt-[16vh] pb-10 max-md:pt-[9vh]">
      <div className="w-full max-w-[340px]">
        <Mark size={34} />
        <h1 className="mt-5 font-semibold text-[19px] leading-7 tracking-tight">{title}</h1>
        {text && <p className="mt-1 text-ink-2">{text}</p>}
        <div className="mt-6">{children}</div>
      </div>
    </main>
  )
}

/** Takes the answer of a sign-in and goes on to where the user wanted to go. */
export function enter(answer: SignedIn, next = '/') {
  session.begin(answer.csrf ?? '')
  queryClient.clear()
  queryClient.setQueryData(queries.me.queryKey, answer.user)
  go(next, { replace: true })
}
