/// Anthropic's Messages: https://docs.anthropic.com/en/api/messages and its stream.
@NullMarked
package dev.warren.llm.anthropic;

import org.jspecify.annotations.NullMarked;
