/// What every command stands on: the API, the login that is kept, the console, and errors for the
/// user. Knows no command.
@NullMarked
package dev.warren.cli.client;

import org.jspecify.annotations.NullMarked;
