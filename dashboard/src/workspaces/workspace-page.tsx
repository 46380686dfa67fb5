export default function WorkspacePage(_: { workspaceId: string }) {
  return null
}
