/// The operating system below the daemon: system calls through `java.lang.foreign` and what `/proc`
/// says. Linux with glibc. Owns one thread, the [Poller]'s; every call is thread-safe. Never forks
/// inside the JVM: children start by `posix_spawn` only, with default signals, an empty mask and no
/// inherited descriptors.
@NullMarked
package dev.warren.daemon.os;

import org.jspecify.annotations.NullMarked;
