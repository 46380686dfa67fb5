package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MeshFrameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"type\":\"here\",\"instance\":\"00000000-0000-0001-0000-000000000002\",\"sequence\":1,\"direct\":true}",
        "{\"type\":\"gone\"}",
        "{\"type\":\"dialers\",\"dialers\":[]}",
        "{\"type\":\"dialers\",\"target\":\"3333333333333333333333333333333333333333333333333333333333333333\",\"dialers\":[{\"kinds\":[\"http\"]}]}",
        "{\"type\":\"text\",\"frame\":\"{}\"}",
        "{\"type\":\"revoke\",\"reason\":\"deleted\"}",
      })
  void aFrameThatLacksSomethingIsNone(String text) {
    assertThatThrownBy(() -> MeshFrame.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
