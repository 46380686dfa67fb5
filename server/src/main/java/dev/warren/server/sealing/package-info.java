/// Encryption at rest: values are sealed with AES-256-GCM under a key whose id stands beside each.
/// Knows keys and bytes, not what they are for.
@NullMarked
package dev.warren.server.sealing;

import org.jspecify.annotations.NullMarked;
