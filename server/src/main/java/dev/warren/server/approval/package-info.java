/// Which tool calls run at once, wait for the user, or never run: rules by tool and, for shell
/// commands, by what the command would run. Pure functions of rules and calls; no threads, no
/// database, no knowledge of chats.
///
/// A guard rail, not a sandbox: a program that the model writes and then runs may do what its
/// command line does not say. What keeps a workspace apart from everything else is the workspace.
@NullMarked
package dev.warren.server.approval;

import org.jspecify.annotations.NullMarked;
