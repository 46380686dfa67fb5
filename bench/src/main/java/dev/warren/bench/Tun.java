package dev.warren.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A network device whose packets this process reads and writes (Linux's TUN, layer 3, without
/// packet information). One thread reads, one writes.
final class Tun {
  private static final int PACKET_BYTES_MAX = 64 * 1024;
  private static final int O_RDWR = 2;
  private static final long TUNSETIFF = 0x400454caL;
  private static final short IFF_TUN_NO_PI = 0x1001;
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;

  private static final MethodHandle OPEN =
      call("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, 2);
  private static final MethodHandle READ =
      plain("read", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle WRITE =
      plain("write", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle IOCTL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));

  private final int file;
  private final MemorySegment in = Arena.global().allocate(PACKET_BYTES_MAX);
  private final MemorySegment out = Arena.global().allocate(PACKET_BYTES_MAX);

  /// Makes the device, which lives as long as this process.
  ///
  /// @param name at most 15 bytes
  Tun(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      file = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR);
      MemorySegment request = arena.allocate(REQUEST_BYTES);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, IFF_TUN_NO_PI);
      if (file < 0 || (int) IOCTL.invokeExact(file, TUNSETIFF, request) < 0) {
        throw new IOException("cannot make the network device " + name + ": is this root?");
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("cannot make the network device " + name, e);
    }
  }

  /// The next packet that the kernel sends by this device.
  byte[] read() throws IOException {
    try {
      long count = (long) READ.invokeExact(file, in, (long) PACKET_BYTES_MAX);
      if (count < 0) {
        throw new IOException("the network device is gone");
      }
      return in.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// Lets a packet come in by this device; one that the kernel does not want is lost.
  void write(byte[] packet) throws IOException {
    MemorySegment.copy(packet, 0, out, ValueLayout.JAVA_BYTE, 0, packet.length);
    try {
      var _ = (long) WRITE.invokeExact(file, out, (long) packet.length);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static MethodHandle call(
      String name, ValueLayout first, ValueLayout second, int variadicFrom) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow(name),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, first, second),
            Linker.Option.firstVariadicArg(variadicFrom));
  }

  private static MethodHandle plain(String name, ValueLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow(name),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments));
  }
}
