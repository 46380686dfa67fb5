/// The instructions that lie in a workspace: `AGENTS.md`, `CLAUDE.md` and skills. Finds and reads
/// them through the daemon's file API, within limits whatever lies there, and writes what the model
/// is to be told of them. Everything that comes from the workspace is untrusted text. Knows nothing
/// of prompts and turns; where in a history the text stands is the agent's business.
@NullMarked
package dev.warren.server.instructions;

import org.jspecify.annotations.NullMarked;
