package dev.warren.scripted;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a check has read of a conversation so far, whatever the format: who said what last, which
/// calls wait for a result, which results came in which round. Made for one request.
final class Transcript {
  private final Map<String, String> callNames = new HashMap<>();
  private final Set<String> open = new LinkedHashSet<>();
  private final List<Conversation.Result> results = new ArrayList<>();
  private String lastUser = "";
  private int round;
  private boolean answering;

  /// The user says something new: results from before belong to no round any more.
  void user(String text) {
    answering = false;
    lastUser = text;
    round = 0;
    results.replaceAll(r -> new Conversation.Result(r.name(), r.content(), r.error(), 0));
  }

  void assistant() {
    answering = false;
  }

  /// @return whether no call of this name is open
  boolean call(String id, String name) {
    answering = false;
    callNames.put(id, name);
    return open.add(id);
  }

  /// @return whether such a call was open
  boolean result(String id, String content, boolean error) {
    if (!open.remove(id)) {
      return false;
    }
    if (!answering) {
      answering = true;
      round++;
    }
    results.add(new Conversation.Result(callNames.getOrDefault(id, ""), content, error, round));
    return true;
  }

  /// Calls without a result.
  Set<String> open() {
    return open;
  }

  String name(String id) {
    return callNames.getOrDefault(id, "");
  }

  Conversation conversation(
      String format, String model, String system, Set<String> tools, boolean stream, long chars) {
    return new Conversation(
        format, model, system, lastUser, tools, results, round, stream, true, chars);
  }
}
