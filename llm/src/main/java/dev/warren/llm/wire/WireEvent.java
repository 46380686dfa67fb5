package dev.warren.llm.wire;

/// One event of an answer.
///
/// @param type the `event` field of a server-sent event, `message` when there is none; of a frame
///   of AWS its event type
/// @param data JSON, as a rule
public record WireEvent(String type, String data) {}
