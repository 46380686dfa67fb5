/// Google's Gemini: `generateContent` and its stream.
@NullMarked
package dev.warren.llm.google;

import org.jspecify.annotations.NullMarked;
