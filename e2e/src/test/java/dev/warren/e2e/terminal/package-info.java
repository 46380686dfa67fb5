/// Terminals and ports of workspaces, as browsers and hostile pages meet them.
@NullMarked
package dev.warren.e2e.terminal;

import org.jspecify.annotations.NullMarked;
