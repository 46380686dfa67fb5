/// Requests to providers over HTTP/1.1: connections and their pool, proxies and certificates, how
/// long a stream may stay silent, and the one `Provider` that all kinds are made of.
@NullMarked
package dev.warren.llm.http;

import org.jspecify.annotations.NullMarked;
