/// Who asks: the caller of a request as `identity` proved it, and what a role or a token's scope
/// lets it do. Plain values that every feature may see; knows nothing of sessions, tables or HTTP.
@NullMarked
package dev.warren.server.access;

import org.jspecify.annotations.NullMarked;
