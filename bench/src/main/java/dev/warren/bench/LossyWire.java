package dev.warren.bench;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// A process that is a long thin wire between two network devices, `ONE OTHER`, each way: so many
/// of a hundred packets are lost by chance, the others are late, and no more pass than the rate
/// allows; what waits for longer than a full round trip is dropped.
final class LossyWire {
  static final int LOST_PERCENT = 1;
  static final long DELAY_NANOS = 25_000_000;
  static final long BITS_PER_SECOND = 100_000_000;
  private static final long WAITING_NANOS_MAX = 2 * DELAY_NANOS;

  private record Late(byte[] packet, long dueNanos) {}

  private LossyWire() {}

  public static void main(String[] args) throws Exception {
    Tun one = new Tun(args[0]);
    Tun other = new Tun(args[1]);
    way(one, other, 1);
    way(other, one, 2);
    System.out.println("ready");
    Thread.currentThread().join();
  }

  private static void way(Tun from, Tun to, long seed) {
    BlockingQueue<Late> wire = new LinkedBlockingQueue<>();
    Random random = new Random(seed);
    Thread.ofPlatform()
        .name("in-" + seed)
        .start(() -> {
          long free = System.nanoTime();
          while (true) {
            byte[] packet = read(from);
            long now = System.nanoTime();
            free = Math.max(free, now);
            if (random.nextInt(100) < LOST_PERCENT || free - now > WAITING_NANOS_MAX) {
              continue;
            }
            free += packet.length * 8L * 1_000_000_000 / BITS_PER_SECOND;
            wire.add(new Late(packet, free + DELAY_NANOS));
          }
        });
    Thread.ofPlatform()
        .name("out-" + seed)
        .start(() -> {
          try {
            while (true) {
              Late next = wire.take();
              for (long left = next.dueNanos() - System.nanoTime();
                  left > 0;
                  left = next.dueNanos() - System.nanoTime()) {
                LockSupport.parkNanos(left);
              }
              to.write(next.packet());
            }
          } catch (IOException | InterruptedException e) {
            System.exit(1);
          }
        });
  }

  private static byte[] read(Tun from) {
    try {
      return from.read();
    } catch (IOException e) {
      // A device that is down gives nothing: it comes up in a moment.
      LockSupport.parkNanos(1_000_000);
      return new byte[0];
    }
  }
}
