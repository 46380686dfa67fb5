package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A path that loses, doubles and reorders messages as its seed says. What it holds back leaves
/// after some later message; what it holds back last is as good as lost, and QUIC sends it again.
final class LossyPath implements RelayPath {
  /// How bad it is, in parts of a hundred.
  record Weather(int lost, int doubled, int late) {}

  private final RelayPath path;
  private final Random random;
  private final Weather weather;
  private final List<ByteBuf> late = new ArrayList<>();

  LossyPath(RelayPath path, long seed, Weather weather) {
    this.path = path;
    this.random = new Random(seed);
    this.weather = weather;
  }

  @Override
  public boolean isWritable() {
    return path.isWritable();
  }

  @Override
  public void send(ByteBuf message) {
    int dice = random.nextInt(100);
    if (dice < weather.lost()) {
      message.release();
      return;
    }
    if (dice < weather.lost() + weather.late()) {
      late.add(message);
    } else {
      if (dice < weather.lost() + weather.late() + weather.doubled()) {
        path.send(message.copy());
      }
      path.send(message);
    }
    if (!late.isEmpty() && (late.size() > 5 || random.nextInt(3) == 0)) {
      path.send(late.remove(random.nextInt(late.size())));
    }
  }

  @Override
  public void flush() {
    path.flush();
  }

  @Override
  public void sendText(String text) {
    path.sendText(text);
  }

  @Override
  public Optional<InetAddress> host() {
    return path.host();
  }
}
