package dev.warren.bench.chaos;

import dev.warren.scripted.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Scripted chats over several replicas and workspaces while replicas, daemons, PostgreSQL and
/// links are killed at random; then everything that was promised is held against what there is. A
/// seed decides what people do and what breaks; when it meets what is the machine's to decide.
public final class Chaos implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final int WORKSPACES = 5;
  private static final int CHATS = 8;
  private static final int ACTIONS = 6;
  private static final Duration STORM = Duration.ofSeconds(16);
  private static final Duration REST_MAX = Duration.ofMinutes(2);
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(40);

  private final Path ran;
  private final ScriptedModel model;
  private final Cluster cluster;

  /// Starts the cluster; seeds are run on it one after the other.
  public Chaos(Path folder) {
    this.ran = folder.resolve("ran");
    this.model = new ScriptedModel(Scripts.script(ran.toString()));
    model.start();
    this.cluster = new Cluster(folder, 1, REPLICAS);
    cluster.useModel(model.anthropicUrl());
    cluster.askBefore(Scripts.ASKED);
    cluster.addWorkspaces(WORKSPACES);
  }

  /// What one seed showed.
  ///
  /// @param faults what was promised and is not so; none is well
  public record Outcome(
      long seed,
      List<String> faults,
      Map<String, Integer> blows,
      Map<String, Integer> ended,
      int commands,
      int unknown,
      long deltas,
      int connections,
      Duration rest) {}

  public Outcome run(long seed) {
    String prefix = "c" + Long.toString(seed, 36) + "n" + System.nanoTime() % 1_000_000 + "x";
    List<ChatActor> actors =
        IntStream.range(0, CHATS)
            .mapToObj(i ->
                new ChatActor(
                    cluster.api(),
                    seed * 1_000 + i,
                    prefix + i,
                    cluster.workspaces().get(i % WORKSPACES),
                    ACTIONS))
            .toList();
    List<String> faults = new ArrayList<>();
    List<Thread> people =
        actors.stream()
            .map(actor ->
                Thread.ofVirtual()
                    .unstarted(() -> {
                      try {
                        actor.run();
                      } catch (RuntimeException e) {
                        synchronized (faults) {
                          faults.add("a person of chat " + actor.chatId() + " fails: " + e);
                        }
                      }
                    }))
            .toList();
    people.forEach(Thread::start);
    List<ChatView> views = views(actors);
    Storm storm = new Storm(cluster, seed);
    storm.rage(STORM);
    people.forEach(Chaos::join);
    long calm = System.nanoTime();
    actors.forEach(this::awaitRest);
    Duration rest = Duration.ofNanos(System.nanoTime() - calm);
    Verdict verdict = new Verdict(cluster.api(), cluster.database(), ran);
    actors.forEach(verdict::chat);
    verdict.commands(prefix);
    for (int i = 0; i < views.size(); i++) {
      faults.addAll(catchUp(actors.get(i), views.get(i)));
    }
    views.forEach(ChatView::close);
    faults.addAll(verdict.faults());
    return new Outcome(
        seed,
        List.copyOf(faults),
        storm.blows(),
        verdict.ended(),
        verdict.commands(),
        verdict.unknown(),
        views.stream().mapToLong(ChatView::deltaCount).sum(),
        views.stream().mapToInt(ChatView::connections).sum(),
        rest);
  }

  private List<ChatView> views(List<ChatActor> actors) {
    List<ChatView> views = new ArrayList<>();
    for (ChatActor actor : actors) {
      while (actor.chatId().isEmpty()) {
        TcpGate.pause(Duration.ofMillis(10));
      }
      views.add(new ChatView(cluster.api(), actor.chatId()));
    }
    return views;
  }

  private void awaitRest(ChatActor actor) {
    long end = System.nanoTime() + REST_MAX.toNanos();
    while (!Verdict.isIdle(cluster.api().get("/chats/" + actor.chatId()).good())
        && System.nanoTime() < end) {
      TcpGate.pause(Duration.ofMillis(100));
    }
  }

  /// What the subscriber saw that it may not, or does not see in the end.
  private List<String> catchUp(ChatActor actor, ChatView view) {
    List<String> history = new ArrayList<>();
    cluster
        .api()
        .get("/chats/" + actor.chatId() + "/messages?limit=200")
        .good()
        .path("items")
        .forEach(message -> history.add(message.path("id").asString()));
    long end = System.nanoTime() + CATCH_UP_MAX.toNanos();
    while (!view.shown().equals(history) && System.nanoTime() < end) {
      TcpGate.pause(Duration.ofMillis(50));
    }
    List<String> faults = new ArrayList<>(view.faults());
    if (!view.shown().equals(history)) {
      faults.add(
          "chat %s: the history is %s, its subscriber shows %s"
              .formatted(actor.chatId(), history, view.shown()));
    }
    return faults;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    cluster.close();
    model.close();
  }
}
