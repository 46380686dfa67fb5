/// Commands: started once an id, alive longer than the daemon, ended as a tree. Each has a folder
/// in the state folder ([CommandFolder] says what its files mean) and runs under `wrap.sh` in a
/// session of its own; what is true is on the disk and in `/proc`, memory is a view of it. Threads:
/// one for exits ([dev.warren.daemon.os.Exits]), one virtual that trims outputs, one virtual a
/// waiting request. Locks: [dev.warren.daemon.store.IdLocks] around starting and cancelling an id;
/// a command's own monitor around its ending.
@NullMarked
package dev.warren.daemon.process;

import org.jspecify.annotations.NullMarked;
