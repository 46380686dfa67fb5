import { createContext } from 'react'

/** The calls that wait for the user's word. */
export const AskedCalls = createContext<ReadonlySet<string>>(new Set())
