package dev.warren.daemon;

import dev.warren.daemon.file.FileChanges;
import dev.warren.daemon.file.FileReading;
import dev.warren.daemon.file.FileWriting;
import dev.warren.daemon.file.Views;
import dev.warren.daemon.file.WorkspacePath;
import dev.warren.daemon.http.Request;
import dev.warren.daemon.http.Response;
import dev.warren.daemon.http.Router;
import dev.warren.daemon.os.ListeningPorts;
import dev.warren.daemon.process.Commands;
import dev.warren.daemon.store.Horizon;
import dev.warren.daemon.store.IdLocks;
import dev.warren.daemon.store.Lease;
import dev.warren.daemon.store.Tombstones;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.daemon.DaemonInfo;
import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.FileLines;
import dev.warren.protocol.daemon.ListeningPort;
import dev.warren.protocol.daemon.Outcome;
import dev.warren.protocol.daemon.ProcessSignal;
import dev.warren.protocol.daemon.ProcessStart;
import dev.warren.protocol.daemon.ProcessState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The daemon's endpoints (contract, section 5).
final class Api {
  /// Longest wait for output that one request may ask for.
  private static final long WAIT_MS_MAX = 60_000;

  private final DaemonInfo info;
  private final WorkspacePath paths;
  private final Fence fence;
  private final Horizon horizon;
  private final Tombstones tombstones;
  private final IdLocks locks;
  private final FileReading reading;
  private final FileWriting writing;
  private final Views views;
  private final FileChanges changes;
  private final Commands commands;

  Api(
      DaemonInfo info,
      WorkspacePath paths,
      Fence fence,
      Horizon horizon,
      Tombstones tombstones,
      IdLocks locks,
      FileReading reading,
      FileWriting writing,
      Views views,
      FileChanges changes,
      Commands commands) {
    this.info = info;
    this.paths = paths;
    this.fence = fence;
    this.horizon = horizon;
    this.tombstones = tombstones;
    this.locks = locks;
    this.reading = reading;
    this.writing = writing;
    this.views = views;
    this.changes = changes;
    this.commands = commands;
  }

  Router router() {
    return new Router()
        .add("GET", "/v1/info", this::info)
        .add("GET", "/v1/files", this::bytes)
        .add("PUT", "/v1/files", this::put)
        .add("GET", "/v1/files/lines", this::lines)
        .add("GET", "/v1/files/list", this::list)
        .add("GET", "/v1/files/stat", this::stat)
        .add("POST", "/v1/files/edits", this::edits)
        .add("POST", "/v1/processes", this::startProcess)
        .add("GET", "/v1/processes", this::processes)
        .add("GET", "/v1/processes/{id}", this::process)
        .add("GET", "/v1/processes/{id}/output", this::output)
        .add("POST", "/v1/processes/{id}/signal", this::signal)
        .add("GET", "/v1/outcomes/{id}", this::outcome)
        .add("DELETE", "/v1/outcomes/{id}", this::acknowledge)
        .add("POST", "/v1/outcomes/{id}/cancel", this::cancel)
        .add("GET", "/v1/ports", this::ports);
  }

  private Response info(Request request) {
    request.parameters();
    return Response.ok(info);
  }

  private Response lines(Request request) throws IOException {
    request.parameters("path", "offset", "limit");
    int offset = request.number("offset", 1, Integer.MAX_VALUE).orElse(1L).intValue();
    Optional<Integer> limit = request.number("limit", 1, Integer.MAX_VALUE).map(Long::intValue);
    Path path = paths.of("path", request.required("path"));
    FileLines read = reading.lines(path, offset, limit);
    request
        .header(DaemonHeaders.LEASE)
        .map(Lease::parse)
        .ifPresent(lease -> views.saw(lease.chat(), path, read.sha256()));
    return Response.ok(read);
  }

  private Response bytes(Request request) throws IOException {
    request.parameters("path");
    return reading.bytes(paths.of("path", request.required("path")), request.header("Range"));
  }

  private Response list(Request request) throws IOException {
    request.parameters("path");
    return Response.ok(reading.list(paths.of("path", request.required("path"))));
  }

  private Response stat(Request request) throws IOException {
    request.parameters("path");
    return Response.ok(reading.stat(paths.of("path", request.required("path"))));
  }

  private Response put(Request request) throws IOException {
    request.parameters("path");
    Fence.Passed passed = fence.pass(request);
    return Response.ok(
        writing.put(passed.id(), passed.chat(), request.required("path"), request.body()));
  }

  private Response edits(Request request) throws IOException {
    request.parameters();
    Fence.Passed passed = fence.pass(request);
    return Response.ok(writing.edit(passed.id(), passed.chat(), request.json(FileEdits.class)));
  }

  private Response startProcess(Request request) throws IOException {
    request.parameters();
    Fence.Passed passed = fence.pass(request);
    ProcessStart start = request.json(ProcessStart.class);
    if (!passed.id().equals(start.id())) {
      throw DaemonException.badInput(
          "id", "the same as the header " + DaemonHeaders.IDEMPOTENCY_KEY);
    }
    views.ran(passed.chat(), start.id());
    return Response.ok(commands.start(start));
  }

  private Response processes(Request request) {
    request.parameters();
    return Response.ok(new ProcessState.Listing(commands.list()));
  }

  private Response process(Request request) {
    request.parameters();
    UUID id = request.id();
    return Response.ok(
        commands
            .find(id)
            .orElseThrow(() -> {
              horizon.check(id);
              return DaemonException.notFound("process " + id + " is not known to this store");
            }));
  }

  private Response output(Request request) throws IOException, InterruptedException {
    request.parameters("wait_ms", "seen_bytes");
    return Response.ok(
        commands.output(
            request.id(),
            request.number("seen_bytes", 0, Long.MAX_VALUE),
            request.number("wait_ms", 0, WAIT_MS_MAX).orElse(0L)));
  }

  private Response signal(Request request) throws IOException {
    request.parameters();
    fence.pass(request);
    return Response.ok(commands.signal(request.id(), request.json(ProcessSignal.class).signal()));
  }

  private Response outcome(Request request) throws IOException {
    request.parameters();
    return Response.ok(outcome(request.id()));
  }

  private Outcome outcome(UUID id) throws IOException {
    Optional<ProcessState> process = commands.find(id);
    if (process.isPresent()) {
      Outcome.State known =
          switch (process.get().status()) {
            case RUNNING -> Outcome.State.RUNNING;
            case EXITED, KILLED -> Outcome.State.DONE;
            case UNKNOWN -> Outcome.State.UNKNOWN;
          };
      return new Outcome(id, known, process, Optional.empty());
    }
    Optional<JsonNode> answer = changes.answer(id);
    if (answer.isPresent()) {
      return new Outcome(id, Outcome.State.DONE, Optional.empty(), answer);
    }
    horizon.check(id);
    return new Outcome(
        id,
        tombstones.has(id) ? Outcome.State.CANCELLED : Outcome.State.ABSENT,
        Optional.empty(),
        Optional.empty());
  }

  /// A command stays readable until it is old; a file mutation's answer goes.
  private Response acknowledge(Request request) throws IOException {
    request.parameters();
    fence.pass(request);
    try (IdLocks.Held _ = locks.hold(request.id())) {
      changes.forget(request.id());
      tombstones.remove(request.id());
    }
    return new Response.NoContent();
  }

  private Response cancel(Request request) throws IOException, InterruptedException {
    request.parameters();
    fence.pass(request);
    UUID id = request.id();
    horizon.check(id);
    try (IdLocks.Held _ = locks.hold(id)) {
      boolean known = commands.find(id).isPresent() || changes.answer(id).isPresent();
      if (!known) {
        tombstones.put(id);
      }
    }
    commands.cancel(id);
    return Response.ok(outcome(id));
  }

  private Response ports(Request request) {
    request.parameters();
    return Response.ok(new ListeningPort.Listing(ListeningPorts.read()));
  }
}
