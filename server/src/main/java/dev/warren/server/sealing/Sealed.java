package dev.warren.server.sealing;

/// A sealed value: 12 bytes of nonce, then the ciphertext with its tag.
///
/// @param keyId of the key that opens it
public record Sealed(String keyId, byte[] bytes) {
  @Override
  public String toString() {
    return "sealed with " + keyId;
  }
}
