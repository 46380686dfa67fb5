/// The origins on which ports of workspaces open in the browser. What comes from there is hostile
/// to everybody but its owner: it has cookies of its own, never sees the control plane's session,
/// and its requests reach one port of one workspace and nothing else.
@NullMarked
package dev.warren.server.http.app;

import org.jspecify.annotations.NullMarked;
