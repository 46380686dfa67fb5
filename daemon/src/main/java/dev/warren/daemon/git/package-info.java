/// Git's logins in the workspace: `GIT_ASKPASS` is a script of ours that asks the daemon by a Unix
/// socket in its state folder, and the daemon asks the control plane. Nothing is kept here, and no
/// login reaches a log or a file.
@NullMarked
package dev.warren.daemon.git;

import org.jspecify.annotations.NullMarked;
