package dev.warren.server.files;

/// An attached file.
///
/// @param mediaType as sniffed
public record StoredFile(FileId id, String name, String mediaType, byte[] content) {}
