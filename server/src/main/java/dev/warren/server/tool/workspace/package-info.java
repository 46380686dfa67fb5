/// The seven tools with which a model works in its chat's workspace (contract, section 6), and what
/// the model reads of them. Each is a small class over the daemon's API; the daemon makes an effect
/// happen once by the call's id, so a call whose answer was lost is simply made again. Knows no
/// templates and builds. Tools are stateless; each call has a virtual thread of its own.
@NullMarked
package dev.warren.server.tool.workspace;

import org.jspecify.annotations.NullMarked;
