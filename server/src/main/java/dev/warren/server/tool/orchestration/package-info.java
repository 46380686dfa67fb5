/// The four tools with which a chat works through sub-agents (contract, section 6): chats of their
/// own with their parent's workspace, one level deep. They act on the chat engine alone and know no
/// daemon and no template. Each change is fenced by the parent's lease and idempotent by the call's
/// id; a wait holds no thread of the platform and no slot of the worker, and reads the database
/// whenever it is woken.
@NullMarked
package dev.warren.server.tool.orchestration;

import org.jspecify.annotations.NullMarked;
