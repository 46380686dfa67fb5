/// Workspaces as they are used: what is in them, what is not, and how far away they may be.
@NullMarked
package dev.warren.e2e.workspace;

import org.jspecify.annotations.NullMarked;
