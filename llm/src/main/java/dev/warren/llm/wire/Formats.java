package dev.warren.llm.wire;

import dev.warren.llm.ProviderException;
import java.util.Optional;
import java.util.function.Function;

/// Which wire format a provider speaks for which model. Where a server turns out not to have the
/// path of the first choice, another one is taken from then on.
public final class Formats {
  private final Function<String, WireFormat> choice;
  private final Optional<WireFormat> otherwise;
  private volatile boolean turned;

  private Formats(Function<String, WireFormat> choice, Optional<WireFormat> otherwise) {
    this.choice = choice;
    this.otherwise = otherwise;
  }

  public static Formats only(WireFormat format) {
    return new Formats(model -> format, Optional.empty());
  }

  public static Formats byModel(Function<String, WireFormat> choice) {
    return new Formats(choice, Optional.empty());
  }

  public static Formats firstElse(WireFormat first, WireFormat otherwise) {
    return new Formats(model -> first, Optional.of(otherwise));
  }

  public WireFormat of(String model) {
    return turned ? otherwise.orElseThrow() : choice.apply(model);
  }

  /// What else may be tried when the failure says that there is no such path. A server that has the
  /// path and not the model says so by the same status, so both get a try.
  public Optional<WireFormat> instead(WireFormat tried, ProviderException failure) {
    boolean missing =
        switch (failure.status()) {
          case 404, 405, 501 -> true;
          default -> false;
        };
    return missing ? otherwise.filter(other -> !other.equals(tried)) : Optional.empty();
  }

  /// The other one answered: it is asked first from now on.
  public void turn() {
    turned = true;
  }
}
