/// What the daemon remembers on its disk, so that no effect is taken twice: the store's id, the
/// highest lease of each chat, the outcomes of effects. One daemon at a time holds the folder (a
/// file lock). A file here is complete once its name is there: it is written beside, synced and
/// renamed.
@NullMarked
package dev.warren.daemon.store;

import org.jspecify.annotations.NullMarked;
