package dev.warren.daemon;

/// The daemon's version, as its jar says.
final class Version {
  private Version() {}

  static String current() {
    String version = Daemon.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
