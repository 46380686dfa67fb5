package dev.warren.daemon;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// The daemon's command line.
///
/// @param tokenDescriptor an inherited pipe that holds the token, once; 3 by default
/// @param tokenFile a file that holds it; removed after the first attach
/// @param train run everything once and end, for the class cache
record Arguments(
    URI url,
    Path state,
    Optional<Integer> tokenDescriptor,
    Optional<Path> tokenFile,
    boolean train) {
  private static final int TOKEN_DESCRIPTOR = 3;
  private static final URI NONE = URI.create("http://unset.invalid");

  static Arguments parse(String[] args) {
    URI url = NONE;
    Optional<Path> state = Optional.empty();
    Optional<Integer> tokenDescriptor = Optional.of(TOKEN_DESCRIPTOR);
    Optional<Path> tokenFile = Optional.empty();
    boolean train = false;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--train")) {
        train = true;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value, or is no option");
      }
      String value = args[++i];
      switch (args[i - 1]) {
        case "--url" -> url = url(value);
        case "--state" -> state = Optional.of(Path.of(value).toAbsolutePath());
        case "--token-fd" -> tokenDescriptor = Optional.of(descriptor(value));
        case "--token-file" -> tokenFile = Optional.of(Path.of(value));
        default ->
            throw new IllegalArgumentException(
                args[i - 1] + " is no option; there are --url, --state, --token-fd, --token-file");
      }
    }
    if (!train && (url.equals(NONE) || state.isEmpty())) {
      throw new IllegalArgumentException("--url URL and --state DIR are needed");
    }
    return new Arguments(
        url, state.orElse(Path.of("/nonexistent")), tokenDescriptor, tokenFile, train);
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null) {
      throw new IllegalArgumentException(
          "--url is the control plane's URL, such as https://warren.example.com, not " + text);
    }
    return url;
  }

  private static int descriptor(String text) {
    if (!text.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("--token-fd is a descriptor's number, not " + text);
    }
    return Integer.parseInt(text);
  }
}
