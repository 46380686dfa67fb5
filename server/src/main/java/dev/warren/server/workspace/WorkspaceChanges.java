package dev.warren.server.workspace;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whoever wants to know that a workspace may look different now. Listeners are called on the
/// thread of the change, must be quick, and read the new state from the database.
public final class WorkspaceChanges {
  private static final Logger log = LoggerFactory.getLogger(WorkspaceChanges.class);

  private final List<Consumer<WorkspaceId>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<WorkspaceId>> publishers = new CopyOnWriteArrayList<>();

  public void listen(Consumer<WorkspaceId> listener) {
    listeners.add(listener);
  }

  /// As [#listen], but not for what another replica told of.
  public void listenHere(Consumer<WorkspaceId> publisher) {
    publishers.add(publisher);
  }

  void changed(WorkspaceId id) {
    heard(id);
    tell(publishers, id);
  }

  /// Another replica says so.
  public void heard(WorkspaceId id) {
    tell(listeners, id);
  }

  private static void tell(List<Consumer<WorkspaceId>> listeners, WorkspaceId id) {
    for (Consumer<WorkspaceId> listener : listeners) {
      try {
        listener.accept(id);
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("a listener for changes of workspaces failed at {}", id);
      }
    }
  }
}
