package dev.warren.protocol.daemon;

/// `PUT /v1/files?path`: what was written, atomically.
public record FileWritten(String path, long sizeBytes, boolean created, String sha256) {}
