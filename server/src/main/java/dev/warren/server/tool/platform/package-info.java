/// The tools with which an agent finds a template and makes, starts and stops its chat's workspace.
/// Everything they do goes through `template` and `workspace`, as a person's requests do, in the
/// name of the chat's owner. Stateless; a repeated call finds what the first one made.
@NullMarked
package dev.warren.server.tool.platform;

import org.jspecify.annotations.NullMarked;
