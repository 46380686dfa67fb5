/// What the dialects share: framing of streams, events, tolerant JSON, the collecting of an answer,
/// and what a failure means. Knows no dialect.
@NullMarked
package dev.warren.llm.wire;

import org.jspecify.annotations.NullMarked;
