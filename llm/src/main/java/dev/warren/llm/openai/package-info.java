/// OpenAI's Chat Completions and Responses, and what servers that say to be compatible do
/// otherwise.
@NullMarked
package dev.warren.llm.openai;

import org.jspecify.annotations.NullMarked;
