package dev.warren.llm;

/// One server-sent event.
///
/// @param type the `event` field, `message` when there is none
/// @param data its `data` lines, joined with newlines
record SseEvent(String type, String data) {}
