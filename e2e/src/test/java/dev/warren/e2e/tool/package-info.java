/// The workspace tools against a real daemon in this process, over pipes instead of the tunnel.
@NullMarked
package dev.warren.e2e.tool;

import org.jspecify.annotations.NullMarked;
