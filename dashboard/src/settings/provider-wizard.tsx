export default function ProviderWizard(_: { onClose: () => void }) {
  return null
}
