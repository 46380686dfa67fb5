import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { queryClient } from './app/queries'
import { Tips } from './ui/tip'
import { Toasts } from './ui/toast'
import './styles.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
      <Toasts />
      <Tips />
    </QueryClientProvider>
  </StrictMode>,
)
