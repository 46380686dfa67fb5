package dev.warren.daemon.os;

import dev.warren.protocol.daemon.ListeningPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The TCP ports that are listened on, from `/proc/net/tcp` and `tcp6`. In a network namespace that
/// is shared with the host these are the host's too; the process's name tells ours, since others'
/// descriptors cannot be read.
public final class ListeningPorts {
  private static final String LISTEN = "0A";
  private static final int PORTS_MAX = 500;

  private ListeningPorts() {}

  public static List<ListeningPort> read() {
    Map<String, String> owners = owners();
    List<ListeningPort> ports = new ArrayList<>();
    read(Path.of("/proc/net/tcp"), owners, ports);
    read(Path.of("/proc/net/tcp6"), owners, ports);
    return ports.stream()
        .distinct()
        .sorted(Comparator.comparingInt(ListeningPort::port).thenComparing(ListeningPort::address))
        .limit(PORTS_MAX)
        .toList();
  }

  private static void read(Path table, Map<String, String> owners, List<ListeningPort> ports) {
    try {
      for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && fields[3].equals(LISTEN)) {
          String[] local = fields[1].split(":");
          ports.add(
              new ListeningPort(
                  Integer.parseInt(local[1], 16),
                  address(local[0]),
                  Optional.ofNullable(owners.get(fields[9]))));
        }
      }
    } catch (IOException | NumberFormatException none) {
      // Without IPv6 there is no such table.
    }
  }

  /// The kernel prints each 32-bit word in the machine's byte order; ours is little-endian.
  private static String address(String hex) throws UnknownHostException {
    byte[] printed = HexFormat.of().parseHex(hex);
    byte[] bytes = new byte[printed.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = printed[i / 4 * 4 + 3 - i % 4];
    }
    String address = InetAddress.getByAddress(bytes).getHostAddress();
    return address.equals("0:0:0:0:0:0:0:0")
        ? "::"
        : address.equals("0:0:0:0:0:0:0:1") ? "::1" : address;
  }

  /// Sockets' inodes and the names of the processes that hold them, as far as they can be seen.
  private static Map<String, String> owners() {
    Map<String, String> owners = new HashMap<>();
    for (ProcStat process : ProcStat.all()) {
      Path folder = Path.of("/proc", Integer.toString(process.pid()));
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            String inode = target.substring(8, target.length() - 1);
            owners.put(inode, Files.readString(folder.resolve("comm")).strip());
          }
        }
      } catch (IOException | RuntimeException notOurs) {
        // Another user's, or gone.
      }
    }
    return owners;
  }
}
