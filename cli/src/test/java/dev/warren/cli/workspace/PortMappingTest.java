package dev.warren.cli.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortMappingTest {
  @Test
  void aPortIsTheSameOnBothSidesUnlessSaid() {
    assertThat(PortMapping.parse("8080"))
        .isEqualTo(List.of(new PortMapping("127.0.0.1", 8080, 8080)));
    assertThat(PortMapping.parse("9000:80"))
        .isEqualTo(List.of(new PortMapping("127.0.0.1", 9000, 80)));
    assertThat(PortMapping.parse("0:80")).isEqualTo(List.of(new PortMapping("127.0.0.1", 0, 80)));
    assertThat(PortMapping.parse("0.0.0.0:9000:80"))
        .isEqualTo(List.of(new PortMapping("0.0.0.0", 9000, 80)));
    assertThat(PortMapping.parse("[::1]:9000:80"))
        .isEqualTo(List.of(new PortMapping("::1", 9000, 80)));
  }

  @Test
  void rangesGoPortByPort() {
    assertThat(PortMapping.parse("8000-8002"))
        .isEqualTo(
            List.of(
                new PortMapping("127.0.0.1", 8000, 8000),
                new PortMapping("127.0.0.1", 8001, 8001),
                new PortMapping("127.0.0.1", 8002, 8002)));
    assertThat(PortMapping.parse("9000-9001:80-81"))
        .isEqualTo(
            List.of(
                new PortMapping("127.0.0.1", 9000, 80), new PortMapping("127.0.0.1", 9001, 81)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "0",
        "70000",
        "80-70",
        "1-5000",
        "9000-9001:80-83",
        "9000:80-81",
        "1:2:3:4"
      })
  void whatIsWrongIsSaid(String rule) {
    assertThatThrownBy(() -> PortMapping.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + rule + "'");
  }
}
