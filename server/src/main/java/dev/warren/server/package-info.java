/// The control plane, by feature.
@NullMarked
package dev.warren.server;

import org.jspecify.annotations.NullMarked;
