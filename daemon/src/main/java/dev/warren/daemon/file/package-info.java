/// Files of the workspace: read by lines, bytes and folders; changed atomically, over many files
/// all or nothing; edited by a ladder of matches that never guesses ([EditLadder]). Paths are
/// absolute after `~` is expanded. No locks but the effect's id; a file that changed under an edit
/// is noticed by its hash.
@NullMarked
package dev.warren.daemon.file;

import org.jspecify.annotations.NullMarked;
