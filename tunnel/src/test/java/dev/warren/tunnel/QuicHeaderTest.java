package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuicHeaderTest {
  @ParameterizedTest
  @CsvSource({
    // An initial packet of version 1 (RFC 9001, appendix A.2), a short header.
    "c300000001088394c8f03e515708, true",
    "4cfe4189655e5cd55c41f69080575d, true",
    "40, true",
    // No fixed bit; version negotiation; version 2 (RFC 9369); a version cut off; nothing.
    "0cfe4189, false",
    "c00000000008f067a5502a4262b5, false",
    "d36b3343cf088394c8f03e515708, false",
    "c3000000, false",
    "'', false",
  })
  void onlyVersionOneIsHandedToQuic(String packet, boolean plausible) {
    assertThat(QuicHeader.isPlausible(Unpooled.wrappedBuffer(HexFormat.of().parseHex(packet))))
        .isEqualTo(plausible);
  }
}
