/// The client side of the `warren` command.
@NullMarked
package dev.warren.cli;

import org.jspecify.annotations.NullMarked;
