package dev.warren.server.agent;

/// How much a replica takes on.
///
/// @param runsMax chats that one replica works on at once; each costs a few virtual threads. Chats
///   that only wait for their sub-agents do not count
/// @param runsPerOwnerMax chats of one user that are worked on at once, over all replicas
public record AgentLimits(int runsMax, int runsPerOwnerMax) {
  public static final AgentLimits DEFAULT = new AgentLimits(2_000, 1_000);

  public AgentLimits {
    if (runsMax < 1 || runsPerOwnerMax < 1) {
      throw new IllegalArgumentException("limits start at 1: " + runsMax + ", " + runsPerOwnerMax);
    }
  }
}
