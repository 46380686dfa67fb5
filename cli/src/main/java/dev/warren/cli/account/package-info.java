/// Who somebody is to the control plane: signing in and out, tokens, logins at git hosts.
@NullMarked
package dev.warren.cli.account;

import org.jspecify.annotations.NullMarked;
