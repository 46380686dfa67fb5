/// Ports of workspaces in the browser: who may open which. A link is made for the owner by a
/// request with the owner's credential, is good once and for a minute, and becomes a session on the
/// port's own origin; both end when that credential does.
@NullMarked
package dev.warren.server.app;

import org.jspecify.annotations.NullMarked;
