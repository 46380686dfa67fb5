/// What a model can do: the [Tool] interface, the registry of tools, and the strict reading of
/// their input. A tool is one small class with its description, a `.md` resource, beside it. Must
/// not know models or how chats are stored; tools that need a workspace or the control plane live
/// in the subpackages. Everything here is thread-safe and immutable after construction.
@NullMarked
package dev.warren.server.tool;

import org.jspecify.annotations.NullMarked;
