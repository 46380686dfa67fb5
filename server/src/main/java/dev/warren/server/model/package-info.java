/// Providers and models: what an administrator configured, and what the agent gets to call.
@NullMarked
package dev.warren.server.model;

import org.jspecify.annotations.NullMarked;
