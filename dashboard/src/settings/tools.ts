/** The tools that agents have, by what they are for. */
export const TOOLS: { title: string; tools: string[] }[] = [
  {
    title: 'In the workspace',
    tools: [
      'read_file',
      'write_file',
      'edit_files',
      'execute',
      'process_output',
      'process_list',
      'process_signal',
      'read_skill',
    ],
  },
  {
    title: 'Workspaces',
    tools: ['list_templates', 'read_template', 'create_workspace', 'start_workspace', 'stop_workspace'],
  },
  { title: 'Sub-agents', tools: ['spawn_agent', 'wait_agent', 'message_agent', 'close_agent'] },
]

export const ALL_TOOLS: readonly string[] = TOOLS.flatMap(({ tools }) => tools)
