/// Terminals that people look at through the page: a shell on a PTY ([dev.warren.daemon.os.Pty]), a
/// model of its screen, and any number of viewers. Knows no HTTP and no tunnel, only streams.
///
/// [Screen] and what is below it are plain data under the lock of their [TerminalSession]. What a
/// program prints is hostile: each sequence, title and count is bounded. Reports that a program
/// asks its terminal for are answered here, once, and do not reach the viewers, of whom there may
/// be none or several.
@NullMarked
package dev.warren.daemon.terminal;

import org.jspecify.annotations.NullMarked;
