/// Workspaces: their builds, the engines that make them, and the connection to their daemons. Knows
/// nothing of chats, models or tools.
@NullMarked
package dev.warren.server.workspace;

import org.jspecify.annotations.NullMarked;
