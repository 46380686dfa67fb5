package dev.warren.cli.client;

import java.lang.reflect.Proxy;

/// Ctrl-C as an event instead of the end of the program.
public final class Interrupts {
  private Interrupts() {}

  /// Runs the handler, on a thread of its own, at each Ctrl-C. Where the JVM has no such hook,
  /// Ctrl-C ends the program as always.
  ///
  /// The JDK's only API for this, `sun.misc.Signal`, cannot be compiled against without a warning
  /// that no option turns off; it is in every JDK (module `jdk.unsupported`).
  public static void handle(Runnable handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {signalHandler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      handler.run();
                      yield null;
                    }
                    case "equals" -> false;
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "ctrl-c";
                  });
      signal
          .getMethod("handle", signal, signalHandler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
    } catch (ReflectiveOperationException e) {
      // As always, then.
    }
  }
}
