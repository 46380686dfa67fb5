/// Providers and models: what an administrator configured, and what the agent gets to call. Keys
/// are sealed in the database and leave it only for the provider. Knows nothing of chats.
@NullMarked
package dev.warren.server.model;

import org.jspecify.annotations.NullMarked;
