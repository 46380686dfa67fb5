/// What users log in with at git hosts, and how their workspaces' git gets it: a daemon asks over
/// its attach connection, and is answered for its workspace's owner and the hosts of its template
/// only. Tokens are sealed in the database, never come out of the API, and never reach a log; each
/// that a workspace fetches is audited. Linking accounts by OAuth would fill the same table.
@NullMarked
package dev.warren.server.gitauth;

import org.jspecify.annotations.NullMarked;
