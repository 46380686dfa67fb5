/// The client side of the `warren` command: signs in, keeps one token in the user's config folder,
/// and drives chats, workspaces and administration through the control plane's HTTP API.
///
/// Knows the API and nothing of the server's code. One command runs on the main thread; a chat adds
/// a thread for the keyboard. What comes from the control plane is untrusted text: it reaches the
/// terminal through [dev.warren.cli.client.Console] only, which takes control characters out.
///
/// Errors for the user are [dev.warren.cli.client.Failure]s: one plain line on standard error and
/// exit status 1; wrong usage is 2. `Main` names the commands; each kind has a package, and all
/// stand on `client`.
@NullMarked
package dev.warren.cli;

import org.jspecify.annotations.NullMarked;
