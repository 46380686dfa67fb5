/** Warren's sign. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" role="img" aria-label="Warren">
      <rect width="32" height="32" rx="8" className="fill-solid" />
      <path
        d="M7 10.5 11 22l5-10 5 10 4-11.5"
        className="fill-none stroke-on-solid"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
