/// The providers' wire formats, answered from a script.
@NullMarked
package dev.warren.scripted;

import org.jspecify.annotations.NullMarked;
