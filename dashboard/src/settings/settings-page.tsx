export default function SettingsPage(_: { section: string | undefined }) {
  return null
}
