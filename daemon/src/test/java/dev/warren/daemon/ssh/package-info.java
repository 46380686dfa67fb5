/// The SSH server under real clients, each case beside OpenSSH's own server.
@NullMarked
package dev.warren.daemon.ssh;

import org.jspecify.annotations.NullMarked;
