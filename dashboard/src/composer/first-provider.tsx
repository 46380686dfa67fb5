import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { isAdmin, queries, queryClient } from '@/app/queries'
import { Button } from '@/ui/button'

const ProviderWizard = lazy(() => import('@/settings/provider-wizard'))

/** The first run: without a model nothing can be asked, so this says what to do about it. */
export function FirstProvider() {
  const { data: me } = useQuery(queries.me)
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-col items-center text-center">
      <h1 className="font-semibold text-[22px] tracking-tight">Connect a model</h1>
      <p className="mt-2 max-w-[420px] text-ink-2">
        {isAdmin(me)
          ? 'Agents need a model to think with. Add a provider with your API key, or the address of a model that you run yourself.'
          : 'No model is available to you yet. Ask an administrator to add a provider.'}
      </p>
      {isAdmin(me) && (
        <Button look="solid" className="mt-5" onClick={() => setOpen(true)}>
          Add a provider
        </Button>
      )}
      <Suspense fallback={null}>
        {open && (
          <ProviderWizard
            onClose={() => {
              setOpen(false)
              void queryClient.invalidateQueries({ queryKey: queries.models.queryKey })
            }}
          />
        )}
      </Suspense>
    </div>
  )
}
