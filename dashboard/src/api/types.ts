// What the control plane sends and takes, as the contract says (docs/contract: sections 3 and 4). Fields that are not
// listed here may come along and are ignored.

export type ChatStatus = 'pending' | 'running' | 'interrupting' | 'requires_action' | 'waiting' | 'error'
export type Role = 'user' | 'assistant' | 'tool' | 'summary'
export type Finish = 'stop' | 'length' | 'refusal' | 'interrupted' | 'error'
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type Part =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'tool_call'; id: string; name: string; input: unknown; provider_executed?: boolean }
  | { type: 'tool_result'; id: string; name: string; output: unknown; is_error: boolean; duration_ms?: number }
  | { type: 'file'; file_id: string; name: string; media_type: string }
  | { type: 'source'; url: string; title: string }

export type ToolCallPart = Extract<Part, { type: 'tool_call' }>
export type ToolResultPart = Extract<Part, { type: 'tool_result' }>
export type FilePart = Extract<Part, { type: 'file' }>

export type Content = { type: 'text'; text: string } | { type: 'file'; file_id: string }

export interface Usage {
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  reasoning_tokens: number
  cost_usd?: number
}

export interface Message {
  id: string
  seq: number
  role: Role
  parts: Part[]
  finish?: Finish
  compressed?: boolean
  model_id?: string
  usage?: Usage
  created_at: string
}

export interface QueuedMessage {
  id: string
  content: (Content & { name?: string; media_type?: string })[]
  model_id?: string
  created_at: string
}

export interface Chat {
  id: string
  owner: { id: string; username: string }
  title: string
  status: ChatStatus
  model_id?: string
  workspace_id?: string
  parent_id?: string
  labels?: Record<string, string>
  pinned: boolean
  archived: boolean
  last_error?: ChatError
  usage?: Usage
  context?: { used_tokens: number; limit_tokens: number }
  budget?: Budget
  /** How often its model was told of the workspace's instructions, as far as this page has heard. */
  instructions?: number
  /** While it is pending: which one it is in the line for a worker, 1 for the next. */
  queue_position?: number
  /** What it does now, in a few words. */
  current_step?: string
  status_since?: string
  created_at: string
  updated_at: string
}

/** What a chat and its sub-agents may use; no limit where it is absent. */
export interface Budget {
  tokens?: number
  usd?: number
  /** 0 is nothing, 1 all of it. */
  used_share?: number
  warning?: boolean
}

/** What the model of a chat knows of its workspace's own instructions. */
export interface WorkspaceInstructions {
  files: { path: string; bytes: number; truncated: boolean }[]
  skills: { name: string; description: string; path: string }[]
}

/** Why a turn ended badly: plain words, or an object that carries them. */
export type ChatError = string | { message?: string; detail?: string; kind?: string }

/** The first rule that matches a call decides on it. */
export interface ApprovalRule {
  tool: string
  decision: 'allow' | 'ask' | 'deny'
  /** A program and the first of its words; for `execute` only. */
  command?: string
}

export interface Approval {
  call_id: string
  tool: string
  input: unknown
  reason?: string
}

export type WorkspaceStatus =
  | 'pending'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'deleting'
  | 'deleted'
  | 'failed'

export interface Build {
  id: string
  transition: 'start' | 'stop' | 'delete'
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'canceling' | 'canceled'
  error?: string
  created_at?: string
}

export interface Workspace {
  id: string
  name: string
  owner: { id: string; username: string }
  template_id: string
  template_name?: string
  template_version_id?: string
  engine?: Template['engine']
  status: WorkspaceStatus
  daemon?: { status: 'connecting' | 'connected' | 'disconnected'; version?: string }
  latest_build?: Build
  parameters?: Record<string, Json>
  created_at: string
  last_used_at?: string
}

export interface TemplateParameter {
  name: string
  display_name?: string
  type: 'string' | 'number' | 'bool' | 'list'
  default?: Json
  required: boolean
  mutable?: boolean
  description?: string
  options?: Json[]
}

export interface Template {
  id: string
  name: string
  display_name?: string
  description?: string
  engine: 'local' | 'external' | 'docker' | 'terraform'
  active_version_id?: string
  parameters?: TemplateParameter[]
  deprecated?: boolean
  readme?: string
}

export interface Model {
  id: string
  provider: string
  name: string
  display_name?: string
  context_limit: number
  is_default: boolean
}

export type ProviderKind = 'anthropic' | 'openai' | 'openai_compatible' | 'google' | 'vertex' | 'azure' | 'bedrock'

export interface Provider {
  id: string
  name: string
  kind: ProviderKind
  base_url?: string
  has_key: boolean
  /** The last four characters. */
  key_hint?: string
  created_at?: string
}

/** What is written into a model's options so that it thinks so much. */
export interface ReasoningLevel {
  level: string
  options: Record<string, Json>
}

export interface AdminModel {
  id: string
  provider_id: string
  name: string
  display_name?: string
  context_limit: number
  max_output_tokens?: number
  /** Go into the provider's request as they are. */
  options?: Record<string, Json>
  /** From least to most; absent where there is nothing to choose. */
  reasoning_levels?: ReasoningLevel[]
  enabled: boolean
  is_default: boolean
}

export interface AdminSettings {
  system_prompt: string
  disabled_tools: string[]
  max_steps: number
  compaction?: { model_id?: string }
  model_titles?: boolean
  budget?: Pick<Budget, 'tokens' | 'usd'>
  approval_rules?: ApprovalRule[]
}

export type UserRole = 'member' | 'template_admin' | 'auditor' | 'admin'

export interface User {
  id: string
  email: string
  username: string
  role: UserRole
  suspended?: boolean
  created_at?: string
}

export interface Token {
  id: string
  name: string
  scope: 'all' | 'read' | 'workspaces'
  created_at?: string
  expires_at?: string
  last_used_at?: string
}

export interface Page<T> {
  items: T[]
  next_cursor?: string
}

export interface Problem {
  type?: string
  title?: string
  status: number
  detail?: string
  errors?: { field: string; detail: string }[]
}

export interface SignedIn {
  user: User
  csrf?: string
}

/** Something that somebody did. */
export interface AuditEntry {
  id: string
  actor: string
  action: string
  target: string
  detail: string
  created_at: string
}

/** One event of a chat's stream; `id` resumes behind it. */
export type ChatEvent = { id?: string } & (
  | { event: 'snapshot'; data: Snapshot }
  | { event: 'message'; data: Message }
  | { event: 'delta'; data: Delta }
  | { event: 'reset'; data: { message_id?: string } }
  | {
      event: 'status'
      data: { status: ChatStatus; last_error?: ChatError; approvals?: Approval[]; queue_position?: number }
    }
  | { event: 'queue'; data: { queued: QueuedMessage[] } | QueuedMessage[] }
  | { event: 'retry'; data: { attempt: number; in_ms: number; reason: string } }
  | { event: 'compacting'; data: { cause: 'requested' | 'full' | 'too_long' } }
  | { event: 'removed'; data: { message_ids: string[] } }
  | { event: 'title'; data: { title: string } }
  | { event: 'usage'; data: { usage?: Usage; context?: Chat['context']; budget?: Budget } }
  | {
      event: 'workspace'
      data: { workspace_id?: string; id?: string; status?: WorkspaceStatus; instructions?: number }
    }
)

export interface Snapshot {
  chat: Chat
  messages: Message[]
  queued: QueuedMessage[]
  in_flight?: Message
  approvals?: Approval[]
}

export interface Delta {
  message_id: string
  part: number
  kind: 'text' | 'reasoning' | 'tool_input' | 'tool_output'
  text: string
  /** The tool call's, with the first delta of its input. */
  id?: string
  name?: string
}

/** One event of the caller's list stream. */
export type ListEvent = { id?: string } & (
  | { event: 'snapshot'; data: { chats?: Chat[]; workspaces?: Workspace[] } }
  | { event: 'chat'; data: Chat }
  | { event: 'workspace'; data: Workspace }
  | { event: 'removed'; data: { chat_ids?: string[]; workspace_ids?: string[] } }
)
