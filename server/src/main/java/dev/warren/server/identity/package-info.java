/// Users, and how they prove who they are: passwords, sessions, tokens, one-time links, the first
/// user. Knows nothing of chats, workspaces or models. Secrets are stored as hashes only.
@NullMarked
package dev.warren.server.identity;

import org.jspecify.annotations.NullMarked;
